package dev.annals.checker.cluster;

import dev.annals.checker.topics.KafkaAccess;
import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.embedded.JvmProcess;
import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One installation on free ports of the loopback, with its data in one folder.
 *
 * <p>Beside the instances that clients know there is a spare one that is not running at first. Instances are started, killed
 * and paused by one thread at a time; the processes end with this JVM.
 */
public final class Cluster implements AutoCloseable {

    /** Of the topics; more than instances, so that each has some. */
    public static final int PARTITIONS = 4;

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);

    private final BrokerProcess broker;
    private final RegistryProcess registry;
    private final List<Instance> instances;

    private Cluster(BrokerProcess broker, RegistryProcess registry, List<Instance> instances) {
        this.broker = broker;
        this.registry = registry;
        this.instances = instances;
    }

    /**
     * Starts everything but the spare, and waits until it is ready.
     *
     * @param count of the instances that clients know
     * @param service what each runs
     */
    public static Cluster start(Path folder, int count, ServiceProgram service) throws TimeoutException {
        CompletableFuture<RegistryProcess> registry =
                async(() -> RegistryProcess.start(RegistryConfig.in(folder.resolve("registry"))));
        BrokerProcess broker = BrokerProcess.start(
                BrokerConfig.in(folder.resolve("broker")).withJvmOptions(List.of("-XX:TieredStopAtLevel=1")));
        KafkaAccess kafka =
                new KafkaAccess(broker.bootstrapServers(), registry.join().url());
        List<Instance> instances = IntStream.rangeClosed(0, count)
                .mapToObj(i -> new Instance(folder.resolve("instance-" + i), kafka, service))
                .toList();
        Cluster cluster = new Cluster(broker, registry.join(), instances);
        try {
            cluster.known()
                    .map(each -> async(() -> started(each.process())))
                    .toList()
                    .forEach(CompletableFuture::join);
            cluster.awaitReady();
            return cluster;
        } catch (RuntimeException | TimeoutException e) {
            cluster.close();
            throw e;
        }
    }

    private static JvmProcess started(JvmProcess process) {
        process.start();
        return process;
    }

    private static <T> CompletableFuture<T> async(Supplier<T> start) {
        return CompletableFuture.supplyAsync(start, task -> Thread.ofPlatform().start(task));
    }

    private Stream<Instance> known() {
        return instances.stream().limit(instances.size() - 1L);
    }

    public KafkaAccess kafka() {
        return new KafkaAccess(broker.bootstrapServers(), registry.url());
    }

    public JvmProcess broker() {
        return broker;
    }

    /** Those that clients know, in their order. */
    public List<JvmProcess> instances() {
        return known().map(Instance::process).toList();
    }

    /** Those of {@link #instances}. */
    public List<URI> addresses() {
        return known().map(Instance::address).toList();
    }

    public JvmProcess spare() {
        return instances.getLast().process();
    }

    /**
     * Waits until all instances that clients know say that they are ready.
     *
     * @throws TimeoutException if they don't; the message has what they say
     */
    public void awaitReady() throws TimeoutException {
        long deadline = System.nanoTime() + READY_LIMIT.toNanos();
        List<Instance> waiting = new ArrayList<>(known().toList());
        while (!waiting.isEmpty()) {
            waiting.removeIf(Instance::isReady);
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("not ready within %d s: %s"
                        .formatted(
                                READY_LIMIT.toSeconds(),
                                waiting.stream().map(Instance::health).toList()));
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    @Override
    public void close() {
        instances.forEach(instance -> instance.process().kill());
        registry.kill();
        broker.kill();
    }
}
