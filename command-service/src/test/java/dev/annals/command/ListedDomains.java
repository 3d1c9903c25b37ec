package dev.annals.command;

import dev.annals.api.Domain;
import java.io.IOException;
import java.net.URL;
import java.util.Enumeration;
import java.util.function.Supplier;

/** Lets a service find the domains of a list of a test's own, instead of those on the class path. */
final class ListedDomains {

    private static final String LIST = "META-INF/services/" + Domain.class.getName();

    private ListedDomains() {}

    /** Starts something that looks for domains. */
    static <T> T with(String list, Supplier<T> start) {
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        thread.setContextClassLoader(only(loader, list));
        try {
            return start.get();
        } finally {
            thread.setContextClassLoader(loader);
        }
    }

    private static ClassLoader only(ClassLoader parent, String list) {
        return new ClassLoader(parent) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                return super.getResources(name.equals(LIST) ? list : name);
            }
        };
    }
}
