package dev.annals.cli.erasing;

import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.client.Target;
import dev.annals.cli.kafka.CommittedReader;
import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.cli.kafka.KafkaOptions;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code annals erase}: writes the tombstones of single events. */
@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Erases single events, for ever.",
            "Histories and live readers show them as erased at once. The log holds them until the broker's cleaner "
                    + "has come; states and rows that were made before hold what they did until they are made anew."
        },
        footer = {
            "",
            "Example: annals erase accounts/ada/3 --yes",
            "Exit code: 0 erased; 1 an event is not there, or --yes is missing, and none is erased; 2 wrong usage."
        })
public final class EraseCommand implements Callable<Integer> {

    private static final int MAX_EVENTS = 1_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "EVENT", description = "As its history shows it: accounts/ada/3")
    private List<String> events = List.of();

    @Option(names = "--yes", description = "Without it, this only says what would be erased")
    private boolean yes;

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Override
    public Integer call() {
        Map<String, List<EventId>> byType = new LinkedHashMap<>();
        for (EventId each : wanted()) {
            byType.computeIfAbsent(each.type(), any -> new ArrayList<>()).add(each);
        }
        KafkaAccess access = kafka.accessToBrokers(target);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        target.announce(out);
        Map<EventId, ConsumerRecord<byte[], byte[]>> found = new LinkedHashMap<>();
        byType.forEach((type, ids) -> found.putAll(find(access, access.topics().events(type), ids)));
        if (!yes) {
            found.forEach((id, event) -> out.printf("would erase %s%n", described(id, event)));
            out.flush();
            throw new CommandFailureException("nothing is erased: --yes is missing", null);
        }
        erase(access, found);
        found.forEach((id, event) -> out.printf("erased %s%n", described(id, event)));
        out.flush();
        return 0;
    }

    private List<EventId> wanted() {
        try {
            List<EventId> ids = events.stream().map(EventId::parse).distinct().toList();
            if (ids.size() > MAX_EVENTS) {
                throw new IllegalArgumentException("%d events: at most %d at a time".formatted(ids.size(), MAX_EVENTS));
            }
            return ids;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Reads all events: where one stands, no index says. A key stands in one partition, whatever made it. */
    private static Map<EventId, ConsumerRecord<byte[], byte[]>> find(
            KafkaAccess access, String topic, List<EventId> ids) {
        Map<EventKey, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();
        ids.forEach(id -> found.put(id.key(), null));
        try (CommittedReader reader = new CommittedReader(access, List.of(topic))) {
            reader.readTo(reader.ends(), record -> {
                EventKey key = keyOrNull(record.key());
                if (found.containsKey(key)) {
                    found.put(key, record.value() == null ? null : record);
                }
            });
        }
        Map<EventId, ConsumerRecord<byte[], byte[]>> byId = new LinkedHashMap<>();
        for (EventId id : ids) {
            ConsumerRecord<byte[], byte[]> record = found.get(id.key());
            if (record == null) {
                throw new CommandFailureException(
                        "there is no event %s in %s, or it has been erased; nothing is erased now".formatted(id, topic),
                        null);
            }
            byId.put(id, record);
        }
        return byId;
    }

    private static @Nullable EventKey keyOrNull(byte @Nullable [] key) {
        try {
            return EventKey.parse(Objects.requireNonNullElse(key, new byte[0]));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void erase(KafkaAccess access, Map<EventId, ConsumerRecord<byte[], byte[]>> events) {
        try (Producer<byte[], byte[]> producer = access.newProducer(new ByteArraySerializer())) {
            for (var each : events.entrySet()) {
                ConsumerRecord<byte[], byte[]> event = each.getValue();
                producer.send(new ProducerRecord<>(event.topic(), event.partition(), event.key(), null))
                        .get();
            }
        } catch (ExecutionException e) {
            throw new CommandFailureException("not all events are erased, repeat it: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailureException("interrupted: not all events are erased, repeat it", e);
        }
    }

    private static String described(EventId id, ConsumerRecord<?, ?> event) {
        return "%s: %s of %s".formatted(id, HeaderName.TYPE.in(event.headers()), HeaderName.TIME.in(event.headers()));
    }
}
