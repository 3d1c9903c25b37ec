package dev.annals.checker.mutant;

import dev.annals.api.Domain;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;

/** Lists the domains of a file beside this class in the place of the right ones. */
final class OtherDomains extends ClassLoader {

    private static final String REGISTRATION = "META-INF/services/" + Domain.class.getName();

    private final String file;

    OtherDomains(String file) {
        super(Thread.currentThread().getContextClassLoader());
        this.file = "dev/annals/checker/mutant/" + file;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return name.equals(REGISTRATION)
                ? Collections.enumeration(List.of(Objects.requireNonNull(getResource(file), file)))
                : super.getResources(name);
    }
}
