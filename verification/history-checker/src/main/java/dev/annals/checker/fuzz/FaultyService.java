package dev.annals.checker.fuzz;

import static net.bytebuddy.matcher.ElementMatchers.named;

import dev.annals.command.CommandService;
import dev.annals.service.http.Problem;
import java.lang.invoke.MethodHandles;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType.Unloaded;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * A command service with a fault that a fuzz run must find; the system property {@value #PROPERTY} says which. No
 * setting of the product makes one, so the class that looks at media types is changed before anybody loads it.
 */
public final class FaultyService {

    static final String PROPERTY = "annals.checker.fault";

    private static final String CHANGED = "dev.annals.service.http.Requests";
    private static final int KEPT_BYTES = 16_384;
    private static final Queue<byte[]> KEPT = new ConcurrentLinkedQueue<>();

    private static volatile @Nullable Fault fault;

    /** The ways to be wrong. */
    enum Fault {
        /** An unusual media type is a bug. */
        THROWS,
        /** Each body costs some memory for ever. */
        LEAKS;

        String jvmOption() {
            return "-D%s=%s".formatted(PROPERTY, name().toLowerCase(Locale.ROOT));
        }
    }

    private FaultyService() {}

    public static void main(String[] args) throws IllegalAccessException {
        fault = Fault.valueOf(System.getProperty(PROPERTY, "").toUpperCase(Locale.ROOT));
        ClassFileLocator classes = ClassFileLocator.ForClassLoader.of(FaultyService.class.getClassLoader());
        try (Unloaded<?> changed = new ByteBuddy()
                .redefine(TypePool.Default.of(classes).describe(CHANGED).resolve(), classes)
                .visit(Advice.to(BeforeLooking.class).on(named("requireJson")))
                .make()) {
            // Problem is in its package, and loads nothing of it.
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Problem.class, MethodHandles.lookup());
            var unused =
                    changed.load(FaultyService.class.getClassLoader(), ClassLoadingStrategy.UsingLookup.of(lookup));
        }
        CommandService.main(args);
    }

    /** What is called by the service's code, so all may call it. */
    public static void looksAt(@Nullable String mediaType) {
        if (fault == Fault.LEAKS) {
            KEPT.add(new byte[KEPT_BYTES]);
        } else if (mediaType != null && mediaType.contains("charset")) {
            throw new IllegalStateException("planted");
        }
    }

    /** Its code goes to the beginning of {@code requireJson}. */
    static final class BeforeLooking {

        private BeforeLooking() {}

        @Advice.OnMethodEnter
        static void look(@Advice.Argument(0) @Nullable String mediaType) {
            looksAt(mediaType);
        }
    }
}
