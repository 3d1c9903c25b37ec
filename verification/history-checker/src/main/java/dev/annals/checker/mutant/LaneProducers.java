package dev.annals.checker.mutant;

import static net.bytebuddy.matcher.ElementMatchers.named;

import dev.annals.lanes.CommandGateway;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Function;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType.Unloaded;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.pool.TypePool;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Has the lanes of this JVM write with other producers than right ones. Lanes offer nothing for that, so the class that
 * makes their clients is changed before anybody loads it.
 */
public final class LaneProducers {

    /** Not public: nobody but its package can name it. */
    private static final String CLIENTS = "dev.annals.lanes.KafkaLaneClients";

    private static volatile Function<Producer<byte[], byte[]>, Wrong> wrong = Wrong::new;

    private LaneProducers() {}

    /** A producer that does what the right one does, but for what a mutant does otherwise. */
    static class Wrong implements InvocationHandler {

        private final Producer<byte[], byte[]> right;

        Wrong(Producer<byte[], byte[]> right) {
            this.right = right;
        }

        final Producer<byte[], byte[]> right() {
            return right;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            try {
                return method.invoke(right, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }
    }

    /** Before the first lane is made. */
    static void replace(Function<Producer<byte[], byte[]>, Wrong> by) {
        wrong = by;
        ClassLoader loader = CommandGateway.class.getClassLoader();
        ClassFileLocator classes = ClassFileLocator.ForClassLoader.of(loader);
        try (Unloaded<?> changed = new ByteBuddy()
                .redefine(TypePool.Default.of(classes).describe(CLIENTS).resolve(), classes)
                .visit(Advice.withCustomMapping()
                        .with(new Advice.AssignReturned.Factory())
                        .to(AfterMaking.class)
                        .on(named("producer")))
                .make()) {
            var unused = changed.load(
                    loader,
                    ClassLoadingStrategy.UsingLookup.of(
                            MethodHandles.privateLookupIn(CommandGateway.class, MethodHandles.lookup())));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // no module of ours is closed
        }
    }

    /** What is called by lanes' code, so all may call it. */
    @SuppressWarnings("unchecked")
    public static Producer<byte[], byte[]> instead(Producer<byte[], byte[]> right) {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, wrong.apply(right));
    }

    /** Its code goes to the end of the method that makes a lane's producer. */
    static final class AfterMaking {

        private AfterMaking() {}

        @Advice.OnMethodExit
        @Advice.AssignReturned.ToReturned
        static Producer<byte[], byte[]> made(@Advice.Return Producer<byte[], byte[]> right) {
            return instead(right);
        }
    }
}
