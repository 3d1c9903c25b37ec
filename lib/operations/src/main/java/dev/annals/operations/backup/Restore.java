package dev.annals.operations.backup;

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
import dev.annals.service.TopicSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Restore of a backup into an installation without events, whose command and process services are stopped: checks every
 * file first, makes the topics that are missing, registers the schemas, and compares the hash of all events with that
 * of the backup. Then the journals of processes likewise, and what they had under way. One that is broken off goes on
 * when it is run again. For one thread.
 *
 * @param settings of topics that are made, as the services have them
 * @param progress in records, of each type and process
 */
public record Restore(KafkaAccess kafka, TopicSettings settings, InstalledDomains domains, ProgressListener progress) {

    /** Services run: they have states without what is restored, and would act on these. */
    public static final class ServicesRunException extends OperationFailedException {

        private static final long serialVersionUID = 1;

        ServicesRunException(String what, List<String> members) {
            super(
                    "services run %s meanwhile (%s), on states without what is restored: stop all of them, restore, and start them again"
                            .formatted(what, String.join(", ", members)));
        }
    }

    /**
     * Writes what is not restored yet.
     *
     * @param partitions of topics that are made; null for as many as the backed up topic had
     * @throws ServicesRunException if command or process services run, at the beginning or at the end
     * @throws OperationFailedException if it is refused or can't be completed, or the hashes differ
     */
    public BackupReport run(Path folder, @Nullable Integer partitions) {
        BackupFolder from = new BackupFolder(folder);
        Manifest manifest = from.manifest();
        manifest.types().forEach(type -> {
            requireComplete(type, folder);
            domains.named(List.of(type.type()));
        });
        manifest.processes().forEach(process -> {
            requireComplete(process.journals(), folder);
            binding(process);
        });
        try (SchemaRegistryClient registry =
                        SchemaRegistryClient.create(kafka.serdes().configuration());
                Broker broker = new Broker(kafka)) {
            List<TypeRestore> types = manifest.types().stream()
                    .map(type -> new TypeRestore(
                            StreamTopic.ofEvents(kafka, broker, type.type()),
                            from,
                            registry,
                            manifest.id(),
                            type,
                            progress))
                    .toList();
            Map<BackedUpProcess, TypeRestore> processes = new LinkedHashMap<>();
            manifest.processes()
                    .forEach(process -> processes.put(
                            process,
                            new TypeRestore(
                                    StreamTopic.ofJournals(kafka, broker, process.name()),
                                    from,
                                    registry,
                                    manifest.id(),
                                    process,
                                    progress)));
            List<TypeRestore> all = new ArrayList<>(types);
            all.addAll(processes.values());
            all.forEach(TypeRestore::requireStopped);
            all.forEach(TypeRestore::findWritten);
            all.forEach(each -> from.check(each.type()));
            List<OfType> restored = types.stream()
                    .map(type -> check(type.type(), type.run(made(type, partitions))))
                    .toList();
            List<OfProcess> restoredProcesses = new ArrayList<>();
            processes.forEach((process, journals) ->
                    restoredProcesses.add(restore(manifest.id(), process, journals, made(journals, partitions))));
            all.forEach(TypeRestore::requireStopped);
            return new BackupReport(manifest.id(), restored, restoredProcesses);
        }
    }

    private TopicSettings made(TypeRestore restore, @Nullable Integer partitions) {
        return settings.withPartitions(partitions == null ? restore.type().partitions() : partitions);
    }

    private static void requireComplete(BackedUpType type, Path folder) {
        if (type.hash() == null) {
            throw new OperationFailedException("the backup of %s in %s was broken off: complete it where it came from"
                    .formatted(type.type(), folder));
        }
    }

    private ProcessBinding<?> binding(BackedUpProcess process) {
        ProcessBinding<?> binding = domains.processes().get(process.name());
        if (binding == null) {
            throw new OperationFailedException(
                    "there is no process %s; there are: %s. Is the jar of its domain where the services find it?"
                            .formatted(
                                    process.name(),
                                    String.join(", ", domains.processes().keySet())));
        }
        return binding;
    }

    private OfProcess restore(String backupId, BackedUpProcess process, TypeRestore journals, TopicSettings made) {
        OfType entries = check(binding(process), process, journals.run(made));
        begin(process, made.partitions());
        CommandRestore.Done commands = new CommandRestore(kafka, backupId, process, journals).run();
        return new OfProcess(
                entries, process.from(), process.leftOut().size(), commands.answered(), commands.sentAgain());
    }

    /** Before its answers are written: the process reads them from then on. */
    private void begin(BackedUpProcess process, int partitions) {
        try {
            kafka.catalog()
                    .writeRestored(
                            Map.of(process.name(), partitions), Map.of(process.name(), Instant.parse(process.from())));
        } catch (ExecutionException e) {
            throw new OperationFailedException(
                    "the broker at %s: %s".formatted(kafka.bootstrapServers(), e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationFailedException("interrupted: the same command goes on", e);
        }
    }

    private OfType check(BackedUpType type, long written) {
        return compared(
                type,
                written,
                new TypeCheck(kafka).run(domains.named(List.of(type.type())).getFirst(), Backup.MAX_FINDINGS, null));
    }

    private OfType check(ProcessBinding<?> binding, BackedUpProcess process, long written) {
        return compared(
                process.journals(),
                written,
                new TypeCheck(kafka).run(binding, Backup.MAX_FINDINGS, null, process::isLeftOut));
    }

    private static OfType compared(BackedUpType type, long written, TypeReport report) {
        if (!report.hash().equals(Objects.requireNonNull(type.hash()))) {
            throw new OperationFailedException(
                    "%s is restored, but the hash of its %,d events is %s, and that of the %,d in the backup %s: don't use it"
                            .formatted(type.type(), report.events(), report.hash(), type.events(), type.hash()));
        }
        return new OfType(type.type(), written, type.records(), report.events(), report.hash(), report.findings());
    }
}
