package dev.annals.operations.erase;

import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.reacting.JournalEntry;
import dev.annals.engine.reacting.OperatorsWord;
import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.engine.reacting.ProcessCommandId;
import dev.annals.engine.reacting.ProcessTopology;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.erase.Erasure.EventId;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Erasure of events from the journals of processes, which hold them a second time. The journal of an instance that has
 * ended goes whole. Of one that runs the entry goes whose input the event was; its service does it, since it has the
 * entry in its store too, and the instance's state stays as it is. {@link #find} first, then {@link #erase}, and the
 * events themselves last: they are what a second try looks for. For any thread.
 */
public record JournalErasure(KafkaAccess kafka, InstalledDomains domains) {

    /**
     * Entries of an instance whose input was an event.
     *
     * @param ended whether it has ended: then its whole journal goes, up to {@code last}
     * @param entries their numbers; 0 for an event that the instance is parked with
     */
    public record Held(EventId event, String process, String instance, boolean ended, List<Long> entries, long last) {
        public Held {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Reads the journals of all processes that follow the events' types.
     *
     * @throws OperationFailedException if an instance waits for the answer to a command that it sent because of one of
     *     the events: the answer needs the command
     */
    public List<Held> find(List<EventId> events) {
        List<Held> held = new ArrayList<>();
        try (Broker broker = new Broker(kafka);
                Deserializer<Object> deserializer = kafka.serdes().newDeserializer()) {
            Set<String> topics = broker.topics();
            for (ProcessBinding<?> process : domains.processes().values()) {
                List<EventId> followed = events.stream()
                        .filter(event -> process.followedTypes().contains(event.type()))
                        .toList();
                if (!followed.isEmpty() && topics.contains(kafka.topics().journal(process.name()))) {
                    Reading reading = new Reading(process.name(), followed, deserializer);
                    reading.run(kafka);
                    held.addAll(reading.held());
                }
            }
            requireWords(held, topics);
        }
        return held;
    }

    private void requireWords(Collection<Held> held, Set<String> topics) {
        for (Held each : held) {
            if (!each.ended() && !topics.contains(ProcessTopology.inputs(kafka.topics(), each.process()))) {
                throw new OperationFailedException(
                        "%s is in the journal of %s/%s, which runs, and the process service has not run here yet: start it, and repeat this; nothing is erased now"
                                .formatted(each.event(), each.process(), each.instance()));
            }
        }
    }

    /**
     * Erases the journals of those that have ended, and tells the services of the others; returns when both are safe.
     *
     * @param instruction stays in the headers of the tombstones, those of the services too, for as long as they do
     * @throws OperationFailedException if not all is done; to repeat it is safe
     */
    public void erase(List<Held> held, Instruction instruction) {
        try (Producer<byte[], byte[]> producer = kafka.newProducer()) {
            for (Held each : held) {
                for (ProducerRecord<byte[], byte[]> record : records(each, producer)) {
                    instruction.putInto(record.headers());
                    producer.send(record).get();
                }
            }
        } catch (ExecutionException e) {
            throw new OperationFailedException("not all is erased, repeat it: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationFailedException("interrupted: not all is erased, repeat it", e);
        }
    }

    private List<ProducerRecord<byte[], byte[]>> records(Held held, Producer<byte[], byte[]> producer) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        if (held.ended()) {
            int partitions = producer.partitionsFor(journal(held)).size();
            for (long number = 1; number <= held.last(); number++) {
                records.add(new ProducerRecord<>(
                        journal(held),
                        AggregateIds.partition(held.instance(), partitions),
                        new EventKey(held.instance(), number).toBytes(),
                        null));
            }
        } else {
            held.entries()
                    .forEach(number -> records.add(OperatorsWord.erase(
                            kafka.topics(),
                            held.process(),
                            new EventKey(held.instance(), number),
                            held.event().type(),
                            held.event().key())));
        }
        return records;
    }

    private String journal(Held held) {
        return kafka.topics().journal(held.process());
    }

    /** One reading of the journals of a process. */
    private static final class Reading {

        private final String process;
        private final Set<EventId> wanted;
        private final Deserializer<Object> deserializer;
        private final SortedMap<String, Instance> instances = new TreeMap<>();

        /** One that has been told one of the events. */
        private static final class Instance {
            private final Map<EventId, Set<Long>> entries = new TreeMap<>(Comparator.comparing(EventId::toString));

            /** Numbers of commands that were sent because of them, and have no answer. */
            private final Set<Long> waiting = new TreeSet<>();

            private boolean ended;
            private long last;
        }

        private Reading(String process, List<EventId> wanted, Deserializer<Object> deserializer) {
            this.process = process;
            this.wanted = new HashSet<>(wanted);
            this.deserializer = deserializer;
        }

        private void run(KafkaAccess kafka) {
            try (PartitionReader reader =
                    new PartitionReader(kafka, List.of(kafka.topics().journal(process)))) {
                reader.readTo(reader.ends(), this::take);
            }
        }

        private void take(ConsumerRecord<byte[], byte[]> record) {
            EventKey key;
            try {
                key = EventKey.parse(record.key());
            } catch (IllegalArgumentException e) {
                return; // no entry of an instance
            }
            String id = key.aggregateId();
            Instance known = instances.get(id);
            if (record.value() == null) {
                if (known != null) {
                    known.entries.values().forEach(numbers -> numbers.remove(key.version()));
                }
                return;
            }
            JournalEntry entry = entry(record);
            JournalEntry.Happened happened = entry.happened();
            EventId event = happened == null ? null : new EventId(happened.type(), happened.key());
            if (event != null && wanted.contains(event)) {
                known = instances.computeIfAbsent(id, any -> new Instance());
                known.entries
                        .computeIfAbsent(event, any -> new TreeSet<>())
                        .add(entry.failure() == null ? key.version() : 0);
                for (JournalEntry.Sent sent : entry.sent()) {
                    known.waiting.add(sent.number());
                }
            }
            if (known != null) {
                JournalEntry.Answer answer = entry.answer();
                if (answer != null && answer.last() && entry.failure() == null) {
                    known.waiting.remove(answer.number());
                }
                known.ended |= entry.ended();
                known.last = key.version();
            }
        }

        private JournalEntry entry(ConsumerRecord<byte[], byte[]> record) {
            try {
                return JournalEntry.of(
                        (GenericRecord) deserializer.deserialize(record.topic(), record.headers(), record.value()));
            } catch (SerializationException e) {
                throw new OperationFailedException(
                        "%s partition %d offset %d can't be read, so it is not known what it holds: %s; nothing is erased now"
                                .formatted(
                                        record.topic(),
                                        record.partition(),
                                        record.offset(),
                                        RegistryFailures.describe(e)),
                        e);
            }
        }

        private List<Held> held() {
            List<Held> held = new ArrayList<>();
            instances.forEach((id, instance) -> instance.entries.forEach((event, numbers) -> {
                if (!instance.ended && !instance.waiting.isEmpty()) {
                    throw new OperationFailedException(
                            "%s is in the journal of %s/%s, which waits for the answer to %s: erase it when that has come; nothing is erased now"
                                    .formatted(
                                            event,
                                            process,
                                            id,
                                            new ProcessCommandId(
                                                    process,
                                                    id,
                                                    instance.waiting.iterator().next())));
                }
                if (!numbers.isEmpty()) {
                    held.add(new Held(event, process, id, instance.ended, List.copyOf(numbers), instance.last));
                }
            }));
            return held;
        }
    }
}
