package dev.annals.operations.backup;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.backup.BackupReport.OfType;
import dev.annals.operations.backup.Manifest.BackedUpType;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.verify.TypeCheck;
import dev.annals.operations.verify.TypeReport;
import dev.annals.serde.registry.SchemaRegistryClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * Backup of event topics into a folder, incremental: into the folder of an earlier backup it takes only what has come
 * since. It is complete up to the ends that the topics have at its start; services may go on. One that is broken off
 * goes on when it is run again. For one thread.
 *
 * @param progress in records, of each type; their total is not known
 */
public record Backup(KafkaAccess kafka, InstalledDomains domains, ProgressListener progress) {

    /** Of each type; there should be none. */
    static final int MAX_FINDINGS = 3;

    /**
     * Writes what is not in the folder yet, and checks all events of the types.
     *
     * @param folder empty, new, or with an earlier backup of the same topics
     * @param types none for all
     * @throws OperationFailedException if it can't be completed
     */
    public BackupReport run(Path folder, List<String> types) {
        BackupFolder into = new BackupFolder(folder);
        List<AggregateBinding<?, ?, ?>> wanted = domains.named(types);
        Manifest manifest = into.manifestOrEmpty();
        List<OfType> done = new ArrayList<>();
        try (SchemaRegistryClient registry =
                        SchemaRegistryClient.create(kafka.serdes().configuration());
                Broker broker = new Broker(kafka)) {
            for (AggregateBinding<?, ?, ?> binding : wanted) {
                String type = binding.type().name();
                BackedUpType before = before(new EventTopic(kafka, broker, type), into, manifest);
                TypeBackup backup = new TypeBackup(kafka, into, registry, manifest, before, progress);
                Map<TopicPartition, Long> ends = backup.run();
                TypeReport report = new TypeCheck(kafka).run(binding, MAX_FINDINGS, ends);
                manifest = backup.complete(ends, report.events(), report.hash());
                done.add(new OfType(
                        type,
                        backup.written(),
                        Objects.requireNonNull(manifest.type(type)).records(),
                        report.events(),
                        report.hash(),
                        report.findings()));
            }
        }
        return new BackupReport(manifest.id(), done);
    }

    /** What the backup has of a type; refuses what belongs to another topic, whose offsets mean other records. */
    private static BackedUpType before(EventTopic topic, BackupFolder folder, Manifest manifest) {
        TopicDescription existing = topic.existing();
        if (existing == null) {
            throw new OperationFailedException(
                    "there are no events of %s; leave the type out, or is the prefix of topics right?"
                            .formatted(topic.type()));
        }
        String id = existing.topicId().toString();
        BackedUpType before = manifest.type(topic.type());
        if (before != null && !before.topicId().equals(id)) {
            throw new OperationFailedException(
                    "%s holds a backup of another topic of %s (id %s, here it is %s): name another folder"
                            .formatted(folder.path(), topic.type(), before.topicId(), id));
        }
        return before == null
                ? BackedUpType.empty(topic.type(), id, existing.partitions().size())
                : before;
    }
}
