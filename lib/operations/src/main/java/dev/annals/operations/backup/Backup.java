package dev.annals.operations.backup;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.backup.BackupReport.OfProcess;
import dev.annals.operations.backup.BackupReport.OfType;
import dev.annals.operations.backup.Manifest.BackedUpProcess;
import dev.annals.operations.backup.Manifest.BackedUpType;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.verify.TypeCheck;
import dev.annals.operations.verify.TypeReport;
import dev.annals.serde.registry.SchemaRegistryClient;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Backup of event topics, and of the journals of processes, into a folder, incremental: into the folder of an earlier
 * backup it takes only what has come since. It is complete up to the ends that the topics have at its start; services
 * may go on. One that is broken off goes on when it is run again. For one thread.
 *
 * <p>The events of all types end at one moment, the journals right after: so they know each command that has effects in
 * the events. What they know that is not in the events, is left out of them when they are restored.
 *
 * @param progress in records, of each type and process; their total is not known
 */
public record Backup(KafkaAccess kafka, InstalledDomains domains, ProgressListener progress) {

    /** Of each type; there should be none. */
    static final int MAX_FINDINGS = 3;

    /**
     * Writes what is not in the folder yet, and checks all events of the types, and all journals of the processes that
     * join no others.
     *
     * @param folder empty, new, or with an earlier backup of the same topics
     * @param types none for all
     * @throws OperationFailedException if it can't be completed
     */
    public BackupReport run(Path folder, List<String> types) {
        BackupFolder into = new BackupFolder(folder);
        List<AggregateBinding<?, ?, ?>> wanted = domains.named(types);
        Set<String> names = new TreeSet<>();
        wanted.forEach(binding -> names.add(binding.type().name()));
        try (SchemaRegistryClient registry =
                        SchemaRegistryClient.create(kafka.serdes().configuration());
                Broker broker = new Broker(kafka)) {
            Run run = new Run(into, registry, broker, into.manifestOrEmpty());
            run.requireWhole(names);
            return run.backup(wanted, names);
        }
    }

    /** One run, and the manifest as it is meanwhile. */
    private final class Run {

        private final BackupFolder folder;
        private final SchemaRegistryClient registry;
        private final Broker broker;
        private final Map<TopicPartition, Long> ends = new HashMap<>();
        private Manifest manifest;

        private Run(BackupFolder folder, SchemaRegistryClient registry, Broker broker, Manifest manifest) {
            this.folder = folder;
            this.registry = registry;
            this.broker = broker;
            this.manifest = manifest;
        }

        /** Journals that are in the folder must not become older than the events beside them. */
        private void requireWhole(Set<String> types) {
            for (BackedUpProcess process : manifest.processes()) {
                ProcessBinding<?> binding = domains.processes().get(process.name());
                if (binding == null) {
                    throw new OperationFailedException(
                            "%s holds the journals of %s, and there is no such process here: is the jar of its domain where the services find it?"
                                    .formatted(folder.path(), process.name()));
                }
                if (!types.containsAll(joined(binding))) {
                    throw new OperationFailedException(
                            "%s holds the journals of %s, which belong to the events of %s: name all of these types, or none, or another folder"
                                    .formatted(folder.path(), process.name(), String.join(", ", joined(binding))));
                }
            }
        }

        private BackupReport backup(List<AggregateBinding<?, ?, ?>> wanted, Set<String> names) {
            List<StreamTopic> events = names.stream()
                    .map(type -> StreamTopic.ofEvents(kafka, broker, type))
                    .toList();
            Map<String, BackedUpType> before = new HashMap<>();
            events.forEach(topic -> before.put(topic.owner(), before(topic, manifest.type(topic.owner()))));
            Map<ProcessBinding<?>, Instant> processes = begun(names);
            Map<ProcessBinding<?>, ProcessPosition> positions = new LinkedHashMap<>();
            processes.forEach(
                    (process, began) -> positions.put(process, ProcessPosition.of(kafka, broker, process, began)));
            lookUpEnds(events);
            lookUpEnds(processes.keySet().stream().map(this::journals).toList());
            Map<ProcessBinding<?>, JournalCut.Beyond> beyond = new HashMap<>();
            processes.keySet().forEach(process -> beyond.put(process, beyond(process)));
            processes.keySet().forEach(process -> save(underWay(process)));
            List<OfType> done = new ArrayList<>();
            for (AggregateBinding<?, ?, ?> binding : wanted) {
                done.add(backup(
                        binding,
                        Objects.requireNonNull(before.get(binding.type().name()))));
            }
            List<OfProcess> doneProcesses = new ArrayList<>();
            processes.forEach((process, began) -> doneProcesses.add(backup(
                    process,
                    began,
                    Objects.requireNonNull(positions.get(process)),
                    Objects.requireNonNull(beyond.get(process)))));
            return new BackupReport(manifest.id(), done, doneProcesses);
        }

        /** The processes that join these types and no others, and when each began; one that never ran has nothing. */
        private Map<ProcessBinding<?>, Instant> begun(Set<String> types) {
            Set<String> topics = broker.topics();
            if (!topics.contains(kafka.topics().catalog())) {
                return Map.of();
            }
            Map<String, Instant> beginnings = kafka.catalog().read().beginnings();
            Map<ProcessBinding<?>, Instant> begun = new LinkedHashMap<>();
            for (ProcessBinding<?> process : domains.processes().values()) {
                Instant began = beginnings.get(process.name());
                if (began != null
                        && types.containsAll(joined(process))
                        && topics.contains(kafka.topics().journal(process.name()))) {
                    begun.put(process, began);
                }
            }
            return begun;
        }

        private StreamTopic journals(ProcessBinding<?> process) {
            return StreamTopic.ofJournals(kafka, broker, process.name());
        }

        /** In one request, so at one moment; with what is written and not committed yet, for which readers wait. */
        private void lookUpEnds(List<StreamTopic> topics) {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .toList();
            ends.putAll(broker.offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED));
        }

        private Map<TopicPartition, Long> endsOf(String topic) {
            Map<TopicPartition, Long> ofTopic = new HashMap<>(ends);
            ofTopic.keySet().removeIf(partition -> !partition.topic().equals(topic));
            return ofTopic;
        }

        /** Right after the ends of its journals, which know of nothing that comes later. */
        private JournalCut.Beyond beyond(ProcessBinding<?> process) {
            Map<String, String> typesByTopic = new HashMap<>();
            joined(process).forEach(type -> typesByTopic.put(kafka.topics().events(type), type));
            Map<TopicPartition, Long> ofTypes = new HashMap<>(ends);
            ofTypes.keySet().removeIf(partition -> !typesByTopic.containsKey(partition.topic()));
            return JournalCut.Beyond.of(kafka, broker, typesByTopic, ofTypes);
        }

        private BackedUpProcess underWay(ProcessBinding<?> process) {
            BackedUpProcess known = manifest.process(process.name());
            BackedUpType topic = before(journals(process), known == null ? null : known.journals());
            return known == null ? BackedUpProcess.empty(topic) : known.with(topic.underWay());
        }

        private OfType backup(AggregateBinding<?, ?, ?> binding, BackedUpType before) {
            String topic = kafka.topics().events(before.type());
            TypeBackup backup =
                    new TypeBackup(kafka, topic, endsOf(topic), folder, registry, before, this::save, progress);
            backup.run();
            TypeReport report = new TypeCheck(kafka).run(binding, MAX_FINDINGS, endsOf(topic));
            backup.complete(report.events(), report.hash());
            return report(backup.written(), Objects.requireNonNull(manifest.type(before.type())), report);
        }

        private OfProcess backup(
                ProcessBinding<?> process, Instant began, ProcessPosition position, JournalCut.Beyond beyond) {
            String topic = kafka.topics().journal(process.name());
            BackedUpProcess before = Objects.requireNonNull(manifest.process(process.name()));
            TypeBackup backup = new TypeBackup(
                    kafka,
                    topic,
                    endsOf(topic),
                    folder,
                    registry,
                    before.journals(),
                    grown -> save(Objects.requireNonNull(manifest.process(process.name()))
                            .with(grown)),
                    progress);
            backup.run();
            JournalCut cut = new JournalCut(kafka, process, beyond).run(endsOf(topic));
            cut.requireConsistent(ends);
            Instant told = cut.oldestParked(position.toldUpTo());
            save(new BackedUpProcess(
                    Objects.requireNonNull(manifest.process(process.name())).journals(),
                    (told.isBefore(began) ? began : told).toString(),
                    new TreeMap<>(position.settled()),
                    position.undecided(),
                    cut.leftOut()));
            BackedUpProcess saved = Objects.requireNonNull(manifest.process(process.name()));
            TypeReport report = new TypeCheck(kafka).run(process, MAX_FINDINGS, endsOf(topic), saved::isLeftOut);
            backup.complete(report.events(), report.hash());
            BackedUpProcess whole = Objects.requireNonNull(manifest.process(process.name()));
            return new OfProcess(
                    report(backup.written(), whole.journals(), report),
                    whole.from(),
                    whole.leftOut().size(),
                    0,
                    0);
        }

        private static OfType report(long written, BackedUpType type, TypeReport report) {
            return new OfType(type.type(), written, type.records(), report.events(), report.hash(), report.findings());
        }

        /** What the backup has of a topic; refuses what belongs to another one, whose offsets mean other records. */
        private BackedUpType before(StreamTopic topic, @Nullable BackedUpType before) {
            TopicDescription existing = topic.existing();
            if (existing == null) {
                throw new OperationFailedException(
                        "there are no events of %s; leave the type out, or is the prefix of topics right?"
                                .formatted(topic.owner()));
            }
            String id = existing.topicId().toString();
            if (before != null && !before.topicId().equals(id)) {
                throw new OperationFailedException(
                        "%s holds a backup of another topic of %s (id %s, here it is %s): name another folder"
                                .formatted(folder.path(), topic.owner(), before.topicId(), id));
            }
            return before == null
                    ? BackedUpType.empty(
                            topic.owner(), id, existing.partitions().size())
                    : before;
        }

        private void save(BackedUpType changed) {
            save(manifest.with(changed));
        }

        private void save(BackedUpProcess changed) {
            save(manifest.with(changed));
        }

        private void save(Manifest changed) {
            manifest = changed;
            manifest.write(folder.path());
        }
    }

    /** The types whose events it is told, or to which it sends commands. */
    private static Set<String> joined(ProcessBinding<?> process) {
        Set<String> joined = new TreeSet<>(process.followedTypes());
        joined.addAll(process.commandedTypes());
        return joined;
    }
}
