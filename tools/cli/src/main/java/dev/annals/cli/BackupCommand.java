package dev.annals.cli;

import dev.annals.operations.InstalledDomains;
import dev.annals.operations.acls.OwnRights;
import dev.annals.operations.backup.Backup;
import dev.annals.operations.backup.BackupReport;
import dev.annals.operations.backup.BackupReport.OfProcess;
import dev.annals.operations.backup.BackupReport.OfType;
import dev.annals.operations.kafka.KafkaAccess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals backup}: takes the event topics into files. */
@Command(
        name = "backup",
        description = {
            "Takes all events, and the journals of processes, into a folder, as files.",
            "They are Avro container files with keys, headers and times, beside a manifest with the schemas, "
                    + "checksums and the hash that `annals verify TYPE` prints. Into the same folder again, it takes "
                    + "only what has come since. Services may go on."
        },
        footer = {
            "",
            "Example: annals backup /backups/shop",
            "Exit code: 0 the backup is complete up to its start, and what it found is right; 1 it is not, the message says why."
        })
final class BackupCommand extends KafkaCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "DIR",
            description = "Empty, new, or with an earlier backup of this installation")
    private Path folder = Path.of("");

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description =
                    "Only this aggregate type; can be repeated. Journals of a process are taken with all of its types")
    private List<String> types = List.of();

    @Override
    public Integer call() {
        KafkaAccess access = kafka.access();
        InstalledDomains domains = InstalledDomains.load(kafka.target().domainJars());
        new OwnRights(access, domains).requireFacts();
        BackupReport report;
        try (Progress progress = output.progress("records")) {
            report = new Backup(access, domains, progress).run(folder, types);
        }
        List<OfType> all = Stream.concat(
                        report.types().stream(), report.processes().stream().map(OfProcess::journals))
                .toList();
        all.forEach(type -> type.findings()
                .forEach(finding ->
                        output.warn("annals: %s: %s: %s".formatted(type.type(), finding.key(), finding.text()))));
        output.print(report, lines(report, "written"));
        return all.stream().allMatch(type -> type.findings().isEmpty()) ? 0 : 1;
    }

    static List<String> lines(BackupReport report, String verb) {
        List<String> lines = new ArrayList<>();
        report.types().forEach(type -> lines.add(line(type, verb, "events")));
        report.processes().forEach(process -> {
            lines.add(line(process.journals(), verb, "entries of journals"));
            if (process.answered() + process.sentAgain() > 0) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%s: commands without an answer: %,d answered by their events, %,d sent again",
                        process.journals().type(),
                        process.answered(),
                        process.sentAgain()));
            }
        });
        return lines;
    }

    private static String line(OfType type, String verb, String what) {
        return String.format(
                Locale.ROOT,
                "%s: %,d records %s, %,d in the backup; %,d %s, hash %s",
                type.type(),
                type.written(),
                verb,
                type.records(),
                type.events(),
                what,
                type.hash());
    }
}
