package dev.annals.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * The main class of a child that must not outlive its parent: watches standard input, then runs the main class named by
 * its first argument.
 *
 * <p>The parent holds the other end of the pipe and never writes. The kernel closes it however the parent ends, so even
 * kill -9 of a test run leaves no broker behind.
 */
final class ChildMain {
    private static final int EXIT_CODE_ORPHANED = 143;

    private ChildMain() {}

    public static void main(String[] args) throws Throwable {
        endWithParent();
        run(args[0], Arrays.copyOfRange(args, 1, args.length));
    }

    /** Runs a main class that is on the class path of the child only. */
    static void run(String mainClass, String... args) throws Throwable {
        MethodHandle main = MethodHandles.privateLookupIn(Class.forName(mainClass), MethodHandles.lookup())
                .findStatic(Class.forName(mainClass), "main", MethodType.methodType(void.class, String[].class));
        main.invokeExact(args);
    }

    private static void endWithParent() {
        Thread watch = new Thread(() -> haltAtEnd(System.in), "annals-parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void haltAtEnd(InputStream parent) {
        try {
            while (parent.read() >= 0) {
                // The parent writes nothing; only the end of the pipe means something.
            }
        } catch (IOException brokenPipe) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(EXIT_CODE_ORPHANED);
    }
}
