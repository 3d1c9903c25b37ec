package dev.annals.lanes;

import dev.annals.engine.deciding.DecidingConfig;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.rocksdb.Options;

/**
 * What an instance of the command engine needs.
 *
 * @param clients with the settings of the brokers
 * @param folder for the stores; what is in it may be deleted while the instance is down, and is filled anew
 * @param tuning bounds the memory that all stores of the process have together
 * @param publishStatesEvery how often states that have changed go to their topic, from which a store is filled anew
 * @param standbys how many other instances follow each lane, to decide at once when its owner is gone
 * @param member of this instance for as long as it has its place: no two that run at once may have the same
 * @param address {@code host:port} where other instances reach this one; asked once it has started
 */
public record EngineSettings(
        KafkaClients clients,
        Topics topics,
        AvroSerdes serdes,
        DecidingConfig deciding,
        Path folder,
        Consumer<Options> tuning,
        Duration publishStatesEvery,
        int standbys,
        String member,
        Supplier<String> address,
        InstantSource clock) {}
