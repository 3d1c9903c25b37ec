package dev.annals.operations.skip;

import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.CommandSkip;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Skips of commands: has the command service pass over a record that its lane can't get past, without reading it. What
 * is left of it is a dead letter with its place. For one thread; holds a client until it is closed.
 */
public final class CommandSkips implements AutoCloseable {

    private final KafkaAccess kafka;
    private final Broker broker;

    public CommandSkips(KafkaAccess kafka) {
        this.kafka = kafka;
        this.broker = new Broker(kafka);
    }

    /**
     * Notes that a command is passed over.
     *
     * @return what is noted, safely
     * @throws OperationFailedException if there is no such record, or it is decided
     */
    public CommandSkip skip(String type, int partition, long offset, Instruction instruction) {
        Topics topics = kafka.topics();
        Set<String> there = broker.topics();
        TopicPartition at = new TopicPartition(topics.commands(type), partition);
        requireType(type, there);
        requireInstallation(there);
        requirePartition(at);
        requireUndecided(type, at, offset);
        CommandSkip skip = new CommandSkip(
                new RecordPlace(at.topic(), partition, offset),
                instruction.actor(),
                instruction.reason(),
                instruction.time());
        write(skip, instruction);
        return skip;
    }

    private void requireType(String type, Set<String> there) {
        if (!there.contains(kafka.topics().commands(type))) {
            String end = kafka.topics().commands("");
            int prefix = kafka.topics().prefix().length();
            String types = there.stream()
                    .filter(each -> each.startsWith(kafka.topics().prefix()) && each.endsWith(end.substring(prefix)))
                    .map(each -> each.substring(prefix, each.length() - (end.length() - prefix)))
                    .sorted()
                    .collect(Collectors.joining(", "));
            throw new OperationFailedException("there is no type %s; there are: %s (is the prefix of topics right?)"
                    .formatted(type, types.isEmpty() ? "none" : types));
        }
    }

    private void requireInstallation(Set<String> there) {
        if (!there.contains(kafka.topics().views())) {
            throw new OperationFailedException(
                    "there is no topic %s, where it would be noted: start a service, which makes it"
                            .formatted(kafka.topics().views()));
        }
    }

    private void requirePartition(TopicPartition at) {
        int partitions = Objects.requireNonNull(broker.answer(broker.admin()
                                .describeTopics(List.of(at.topic()))
                                .allTopicNames())
                        .get(at.topic()))
                .partitions()
                .size();
        if (at.partition() >= partitions) {
            throw new OperationFailedException(
                    "%s has the partitions 0 to %d, and no %d".formatted(at.topic(), partitions - 1, at.partition()));
        }
    }

    private void requireUndecided(String type, TopicPartition at, long offset) {
        long begin = broker.offsets(List.of(at), OffsetSpec.earliest()).getOrDefault(at, 0L);
        long end = broker.offsets(List.of(at), OffsetSpec.latest()).getOrDefault(at, 0L);
        long next = Math.max(
                begin,
                Optional.ofNullable(broker.committed(kafka.topics().commandGroup(type))
                                .get(at))
                        .map(OffsetAndMetadata::offset)
                        .orElse(0L));
        if (offset >= end) {
            throw new OperationFailedException("%s has no offset %d yet: it ends at %d".formatted(at, offset, end));
        }
        if (offset < next) {
            throw new OperationFailedException(
                    "%s@%d is decided, or gone: the command service goes on at %d".formatted(at, offset, next));
        }
    }

    private void write(CommandSkip skip, Instruction instruction) {
        ProducerRecord<byte[], byte[]> record = skip.toRecord(kafka.topics());
        instruction.putInto(record.headers());
        try (Producer<byte[], byte[]> producer = kafka.newProducer()) {
            var unused = broker.answer(producer.send(record));
        } catch (KafkaException e) {
            throw broker.failure(e);
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
