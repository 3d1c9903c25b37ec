package dev.annals.operations.backup;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import dev.annals.engine.kafka.CloudEventHeaders;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.reacting.OpenCommands;
import dev.annals.engine.reacting.OpenCommands.OpenCommand;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.backup.Manifest.BackedUpProcess;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the commands of a restored process to an end that had no answer when it was backed up. Command ids are in no
 * backup, so one that took effect may not be sent again: its answer is written, from its events. Any other is sent
 * again, under its id. For one thread.
 */
final class CommandRestore {

    private final KafkaAccess kafka;
    private final BackedUpProcess process;
    private final TypeRestore journals;
    private final NotedWriter.Note note;

    /** How many commands were answered by their events, and how many were sent again; in all runs. */
    record Done(int answered, int sentAgain) {}

    /** The events of a command. */
    private record Effect(List<AppendedEvent> events, ConsumerRecord<byte[], byte[]> last) {}

    /** @param journals that are restored */
    CommandRestore(KafkaAccess kafka, String backupId, BackedUpProcess process, TypeRestore journals) {
        this.kafka = kafka;
        this.process = process;
        this.journals = journals;
        this.note = new NotedWriter.Note(
                kafka,
                "%sannals-restore-%s-commands".formatted(kafka.topics().prefix(), process.name()),
                new TopicPartition(journals.topic().name(), 0),
                "%s/%d/%s".formatted(backupId, process.journals().records(), process.from()));
    }

    /** After the events of all types are restored. */
    Done run() {
        try (Serializer<Object> serializer = kafka.serdes().newSerializer()) {
            List<OpenCommand> open = open(serializer);
            Map<String, Effect> effects = effects(open);
            if (!open.isEmpty()) {
                write(open, effects, serializer);
            }
            return new Done(effects.size(), open.size() - effects.size());
        }
    }

    private List<OpenCommand> open(Serializer<Object> serializer) {
        Set<String> undecided = new HashSet<>(process.undecided());
        OpenCommands commands =
                new OpenCommands(process.name(), kafka.topics(), serializer, id -> undecided.contains(id.toString()));
        try (Deserializer<Object> deserializer = kafka.serdes().newDeserializer()) {
            journals.read(record -> {
                EventKey key = BackupFormat.eventKey(record);
                byte[] value = journals.value(record);
                if (key != null && value != null) {
                    Headers headers = BackupFormat.headers(record);
                    commands.take(
                            key,
                            headers,
                            BackupFormat.timestamp(record),
                            (GenericRecord)
                                    deserializer.deserialize(journals.topic().name(), headers, value),
                            BackupFormat.offset(record)
                                    >= process.settled().getOrDefault(BackupFormat.partition(record), 0L));
                }
            });
        }
        return commands.list();
    }

    /** By id of the command: those that took effect. */
    private Map<String, Effect> effects(List<OpenCommand> open) {
        Map<String, Effect> effects = new HashMap<>();
        open.stream().collect(Collectors.groupingBy(OpenCommand::type)).forEach((type, ofType) -> {
            Map<String, OpenCommand> wanted =
                    ofType.stream().collect(Collectors.toMap(each -> each.id().toString(), each -> each));
            String topic = kafka.topics().events(type);
            try (PartitionReader reader = new PartitionReader(kafka, List.of(topic))) {
                reader.readTo(reader.ends(), record -> {
                    String cause = HeaderName.CAUSATION_ID.in(record.headers());
                    OpenCommand command = cause == null ? null : wanted.get(cause);
                    if (command != null) {
                        note(effects, command, record);
                    }
                });
            }
        });
        return effects;
    }

    private static void note(Map<String, Effect> effects, OpenCommand command, ConsumerRecord<byte[], byte[]> record) {
        EventKey key = EventKey.parse(record.key());
        if (key.aggregateId().equals(command.aggregateId())) {
            List<AppendedEvent> events = new ArrayList<>();
            Effect before = effects.get(command.id().toString());
            if (before != null) {
                events.addAll(before.events());
            }
            events.add(new AppendedEvent(simpleName(HeaderName.TYPE.in(record.headers())), key.version()));
            effects.put(command.id().toString(), new Effect(events, record));
        }
    }

    private static String simpleName(@Nullable String fullName) {
        String name = Objects.requireNonNullElse(fullName, "");
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private void write(List<OpenCommand> open, Map<String, Effect> effects, Serializer<Object> serializer) {
        note.endPredecessor();
        try (NotedWriter writer =
                new NotedWriter(note, note.read(journals.topic().broker()), done -> {})) {
            for (OpenCommand command : open) {
                Effect effect = effects.get(command.id().toString());
                writer.write(effect == null ? command.command() : result(command, effect, serializer));
            }
            writer.end();
        } catch (KafkaException e) {
            throw new OperationFailedException(
                    "commands of %s can't be written: %s; the same command goes on from there"
                            .formatted(process.name(), e.getMessage()),
                    e);
        }
    }

    /** As the command service publishes the first result of a command again. */
    private ProducerRecord<byte[], byte[]> result(OpenCommand command, Effect effect, Serializer<Object> serializer) {
        Headers event = effect.last().headers();
        String time = Objects.requireNonNullElseGet(
                HeaderName.TIME.in(event),
                () -> Instant.ofEpochMilli(effect.last().timestamp()).toString());
        CommandResult result = new CommandResult(
                command.id().toString(),
                simpleName(HeaderName.TYPE.in(command.command().headers())),
                command.type(),
                command.aggregateId(),
                CommandResult.Outcome.ACCEPTED,
                effect.events().getLast().version(),
                effect.events(),
                null,
                null,
                true,
                Instant.parse(time),
                HeaderName.CORRELATION_ID.in(event));
        String topic = kafka.topics().results(command.type());
        Headers headers = new CloudEventHeaders("/annals/" + command.type())
                .ofAvro(CommandResult.SCHEMA.getFullName(), place(command).toString(), command.aggregateId(), time);
        HeaderName.CAUSATION_ID.put(headers, result.commandId());
        HeaderName.CORRELATION_ID.put(headers, result.correlationId());
        return new ProducerRecord<>(
                topic,
                null,
                command.aggregateId().getBytes(StandardCharsets.UTF_8),
                serializer.serialize(topic, headers, CommandResult.binding().toAvro(result)),
                headers);
    }

    /** The id of a result is the place of its command; this one has none, and stands before all that have. */
    private RecordPlace place(OpenCommand command) {
        return new RecordPlace(kafka.topics().commands(command.type()), 0, 0);
    }
}
