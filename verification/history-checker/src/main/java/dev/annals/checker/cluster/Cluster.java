package dev.annals.checker.cluster;

import dev.annals.checker.topics.KafkaAccess;
import dev.annals.embedded.JvmProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One installation on free ports of the loopback, with its data in one folder.
 *
 * <p>Beside the instances that clients know there is a spare one that is not running at first. Instances are started,
 * killed and paused by one thread at a time; the processes end with this JVM.
 */
public final class Cluster implements AutoCloseable {

    /** Of the topics; more than instances, so that each has some. */
    public static final int PARTITIONS = 4;

    private final Backbone backbone;
    private final List<Instance> instances;

    private Cluster(Backbone backbone, List<Instance> instances) {
        this.backbone = backbone;
        this.instances = instances;
    }

    /**
     * Starts everything but the spare, and waits until it is ready.
     *
     * @param count of the instances that clients know
     * @param service what each runs
     */
    public static Cluster start(Path folder, int count, ServiceProgram service) throws TimeoutException {
        Backbone backbone = Backbone.start(folder);
        List<Instance> instances = IntStream.rangeClosed(0, count)
                .mapToObj(i -> new Instance(folder.resolve("instance-" + i), backbone.kafka(), service))
                .toList();
        Cluster cluster = new Cluster(backbone, instances);
        try {
            Instance.startAll(cluster.known().toList());
            cluster.awaitReady();
            return cluster;
        } catch (RuntimeException | TimeoutException e) {
            cluster.close();
            throw e;
        }
    }

    private Stream<Instance> known() {
        return instances.stream().limit(instances.size() - 1L);
    }

    public KafkaAccess kafka() {
        return backbone.kafka();
    }

    public JvmProcess broker() {
        return backbone.broker();
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
        Instance.awaitReady(known().toList());
    }

    @Override
    public void close() {
        instances.forEach(instance -> instance.process().kill());
        backbone.close();
    }
}
