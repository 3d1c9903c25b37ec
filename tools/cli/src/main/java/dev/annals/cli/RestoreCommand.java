package dev.annals.cli;

import dev.annals.operations.InstalledDomains;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.backup.BackupReport;
import dev.annals.operations.backup.Restore;
import dev.annals.operations.kafka.KafkaAccess;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals restore}: writes the events of a backup into an empty installation. */
@Command(
        name = "restore",
        description = {
            "Writes all events and journals of a backup into an installation that has none.",
            "Checks every file first, makes the topics that are missing, registers the schemas, and compares the "
                    + "hash of all events with that of the backup. One that was broken off goes on.",
            "The command and process services must be stopped: they make their states from the events and journals when they start. "
                    + "Commands of processes that had no answer are answered by their events, or sent again."
        },
        footer = {
            "",
            "Example: annals up --kafka-only && annals restore /backups/shop && annals up",
            "Command services know the accepted commands of their last 24 hours from the events; one that was rejected is decided anew.",
            "Exit code: 0 restored, with the same hash; 1 refused or broken off, the message says why."
        })
final class RestoreCommand extends KafkaCommand implements Runnable {

    @Parameters(index = "0", paramLabel = "DIR", description = "Folder of the backup")
    private Path folder = Path.of("");

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Of topics that are made (default: as many as the backed up topic had)")
    private @Nullable Integer partitions;

    @Mixin
    private final TopicOptions topics = new TopicOptions();

    @Override
    public void run() {
        if (partitions != null && partitions < 1) {
            throw output.wrong("--partitions %d: expected 1 or more".formatted(partitions));
        }
        KafkaAccess access = kafka.access();
        output.announce(kafka.target());
        InstalledDomains domains = InstalledDomains.load(kafka.target().domainJars());
        BackupReport report;
        try (Progress progress = output.progress("records")) {
            report = new Restore(access, topics.settings(), domains, progress).run(folder, partitions);
        } catch (Restore.ServicesRunException e) {
            throw new OperationFailedException(
                    "%s; on one machine: %s, %s"
                            .formatted(
                                    e.getMessage(),
                                    kafka.target().hint("down"),
                                    kafka.target().hint("up --kafka-only")),
                    e);
        }
        output.print(report, BackupCommand.lines(report, "restored"));
    }
}
