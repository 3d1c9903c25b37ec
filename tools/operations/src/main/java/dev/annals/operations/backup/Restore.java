package dev.annals.operations.backup;

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
import dev.annals.service.TopicSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Restore of a backup into an installation without events, whose command services are stopped: checks every file first,
 * makes the topics that are missing, registers the schemas, and compares the hash of all events with that of the
 * backup. One that is broken off goes on when it is run again. For one thread.
 *
 * @param settings of topics that are made, as the services have them
 * @param progress in records, of each type
 */
public record Restore(KafkaAccess kafka, TopicSettings settings, InstalledDomains domains, ProgressListener progress) {

    /** Command services run: they have states without the restored events, and would decide against these. */
    public static final class CommandServicesRunException extends OperationFailedException {

        private static final long serialVersionUID = 1;

        CommandServicesRunException(String type, List<String> members) {
            super(
                    "command services decide %s meanwhile (%s), on states without the restored events: stop all of them, restore, and start them again"
                            .formatted(type, String.join(", ", members)));
        }
    }

    /**
     * Writes what is not restored yet.
     *
     * @param partitions of topics that are made; null for as many as the backed up topic had
     * @throws CommandServicesRunException if command services run, at the beginning or at the end
     * @throws OperationFailedException if it is refused or can't be completed, or the hashes differ
     */
    public BackupReport run(Path folder, @Nullable Integer partitions) {
        BackupFolder from = new BackupFolder(folder);
        Manifest manifest = from.manifest();
        manifest.types().forEach(type -> requireComplete(type, folder));
        List<OfType> restored = new ArrayList<>();
        try (SchemaRegistryClient registry =
                        SchemaRegistryClient.create(kafka.serdes().configuration());
                Broker broker = new Broker(kafka)) {
            List<TypeRestore> restores = manifest.types().stream()
                    .map(type -> new TypeRestore(
                            new EventTopic(kafka, broker, type.type()), from, registry, manifest.id(), type, progress))
                    .toList();
            restores.forEach(TypeRestore::requireStopped);
            restores.forEach(TypeRestore::findWritten);
            manifest.types().forEach(from::check);
            for (TypeRestore restore : restores) {
                BackedUpType type = restore.type();
                long written =
                        restore.run(settings.withPartitions(partitions == null ? type.partitions() : partitions));
                restored.add(check(type, written));
                restore.requireStopped();
            }
        }
        return new BackupReport(manifest.id(), restored);
    }

    private void requireComplete(BackedUpType type, Path folder) {
        if (type.hash() == null) {
            throw new OperationFailedException("the backup of %s in %s was broken off: complete it where it came from"
                    .formatted(type.type(), folder));
        }
        domains.named(List.of(type.type()));
    }

    private OfType check(BackedUpType type, long written) {
        TypeReport report =
                new TypeCheck(kafka).run(domains.named(List.of(type.type())).getFirst(), Backup.MAX_FINDINGS, null);
        if (!report.hash().equals(type.hash())) {
            throw new OperationFailedException(
                    "%s is restored, but the hash of its %,d events is %s, and that of the %,d in the backup %s: don't use it"
                            .formatted(type.type(), report.events(), report.hash(), type.events(), type.hash()));
        }
        return new OfType(type.type(), written, type.records(), report.events(), report.hash(), report.findings());
    }
}
