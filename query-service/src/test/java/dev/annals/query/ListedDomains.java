package dev.annals.query;

import dev.annals.api.Domain;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Supplier;

/** Lets a service find the domains of a list of a test's own. */
final class ListedDomains {

    private static final String LIST = "META-INF/services/" + Domain.class.getName();

    private ListedDomains() {}

    /** Starts something that looks for domains, and finds only those. */
    static <T> T only(String list, Supplier<T> start) {
        return with(List.of(list), start);
    }

    /** As {@link #only}, but it finds those on the class path too. */
    static <T> T also(String list, Supplier<T> start) {
        return with(List.of(LIST, list), start);
    }

    private static <T> T with(List<String> lists, Supplier<T> start) {
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        thread.setContextClassLoader(listing(loader, lists));
        try {
            return start.get();
        } finally {
            thread.setContextClassLoader(loader);
        }
    }

    private static ClassLoader listing(ClassLoader parent, List<String> lists) {
        return new ClassLoader(parent) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                if (!name.equals(LIST)) {
                    return super.getResources(name);
                }
                List<URL> found = new ArrayList<>();
                for (String list : lists) {
                    found.addAll(Collections.list(super.getResources(list)));
                }
                return Collections.enumeration(found);
            }
        };
    }
}
