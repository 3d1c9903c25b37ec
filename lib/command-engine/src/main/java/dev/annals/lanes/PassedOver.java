package dev.annals.lanes;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.CommandSkip;
import dev.annals.engine.viewregistry.RegistryReader;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a type that operators have passed over, as of the last reading of the view registry. Nobody follows
 * it: it is read before commands are, and again while something goes wrong. Thread-safe.
 */
final class PassedOver {

    /** Of one reading, which holds up the thread that polls. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Who closes a consumer waits for the fetch that is under way. */
    private static final Map<String, Object> SHORT_FETCHES = Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);

    private final KafkaClients clients;
    private final Topics topics;
    private final String commands;

    private volatile Map<RecordPlace, CommandSkip> known = Map.of();

    PassedOver(KafkaClients clients, Topics topics, String commands) {
        this.clients = clients;
        this.topics = topics;
        this.commands = commands;
    }

    /** @throws KafkaException if the broker does not say in time */
    void readAnew() {
        known = RegistryReader.readIfThere(() -> clients.consumer(SHORT_FETCHES), topics, LIMIT).commandSkips().stream()
                .filter(each -> each.place().topic().equals(commands))
                .collect(Collectors.toMap(CommandSkip::place, Function.identity()));
    }

    /** Who passed a command over, and why; null if nobody did. */
    @Nullable
    CommandSkip of(RecordPlace place) {
        return known.get(place);
    }

    /** Their places, those of a partition in its order. */
    List<RecordPlace> places() {
        return known.keySet().stream()
                .sorted(Comparator.comparingLong(RecordPlace::offset))
                .toList();
    }
}
