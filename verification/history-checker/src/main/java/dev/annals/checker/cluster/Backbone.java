package dev.annals.checker.cluster;

import dev.annals.checker.topics.KafkaAccess;
import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A broker and a registry on free ports of the loopback, with their data in one folder. They end with this JVM. */
record Backbone(BrokerProcess broker, RegistryProcess registry) implements AutoCloseable {

    static Backbone start(Path folder) {
        CompletableFuture<RegistryProcess> registry =
                async(() -> RegistryProcess.start(RegistryConfig.in(folder.resolve("registry"))));
        BrokerProcess broker = BrokerProcess.start(
                BrokerConfig.in(folder.resolve("broker")).withJvmOptions(List.of("-XX:TieredStopAtLevel=1")));
        return new Backbone(broker, registry.join());
    }

    static <T> CompletableFuture<T> async(Supplier<T> start) {
        return CompletableFuture.supplyAsync(start, task -> Thread.ofPlatform().start(task));
    }

    KafkaAccess kafka() {
        return new KafkaAccess(broker.bootstrapServers(), registry.url());
    }

    @Override
    public void close() {
        registry.kill();
        broker.kill();
    }
}
