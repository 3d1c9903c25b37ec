package dev.annals.cli.backup;

import dev.annals.cli.backup.Manifest.BackedUpType;
import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.client.Target;
import dev.annals.cli.domains.InstalledDomains;
import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.cli.kafka.KafkaOptions;
import dev.annals.cli.progress.Progress;
import dev.annals.cli.verifying.TypeCheck;
import dev.annals.cli.verifying.TypeReport;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.serde.registry.SchemaRegistryClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code annals backup}: takes the event topics into files. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Takes all events into a folder, as files.",
            "They are Avro container files with keys, headers and times, beside a manifest with the schemas, "
                    + "checksums and the hash that `annals verify TYPE` prints. Into the same folder again, it takes "
                    + "only what has come since. Services may go on."
        },
        footer = {
            "",
            "Example: annals backup /backups/shop",
            "Exit code: 0 the backup is complete up to its start, and what it found is right; 1 it is not, the message says why."
        })
public final class BackupCommand implements Callable<Integer> {

    private static final int FINDINGS = 3;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "DIR",
            description = "Empty, new, or with an earlier backup of this installation")
    private Path folder = Path.of("");

    @Option(names = "--type", paramLabel = "TYPE", description = "Only this aggregate type; can be repeated")
    private List<String> types = List.of();

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--json", description = "Print one JSON value in one line, for machines")
    private boolean json;

    @Override
    public Integer call() {
        KafkaAccess access = kafka.access(target);
        InstalledDomains domains = InstalledDomains.load(target.domainJars());
        BackupFolder into = new BackupFolder(folder);
        List<AggregateBinding<?, ?, ?>> wanted = domains.named(types);
        Manifest manifest = into.manifestOrEmpty();
        List<TypeResult> results = new ArrayList<>();
        long findings = 0;
        try (SchemaRegistryClient registry =
                        SchemaRegistryClient.create(access.serdes().configuration());
                Cluster cluster = new Cluster(access)) {
            for (AggregateBinding<?, ?, ?> binding : wanted) {
                String type = binding.type().name();
                BackedUpType before = before(cluster, manifest, type);
                Backup backup;
                Map<TopicPartition, Long> ends;
                try (Progress progress = progress(type)) {
                    backup = new Backup(access, into, registry, manifest, before, progress::done);
                    ends = backup.run();
                }
                TypeReport report = new TypeCheck(access).run(binding, FINDINGS, ends);
                manifest = backup.complete(ends, report.events(), report.hash());
                long records = Objects.requireNonNull(manifest.type(type)).records();
                results.add(new TypeResult(type, backup.written(), records, report.events(), report.hash()));
                findings += report.count();
                report.findings().forEach(finding -> warn(type + ": " + finding.key() + ": " + finding.text()));
            }
        }
        TypeResult.print(commandLine().getOut(), json, "written", manifest.id(), results);
        return findings == 0 ? 0 : 1;
    }

    /** What the backup has of a type; refuses what belongs to another topic, whose offsets mean other records. */
    private BackedUpType before(Cluster cluster, Manifest manifest, String type) {
        Cluster.Topic topic = cluster.events(type);
        if (topic == null) {
            throw new CommandFailureException(
                    "there are no events of %s; leave the type out with --type, or is --topics-prefix right?"
                            .formatted(type),
                    null);
        }
        BackedUpType before = manifest.type(type);
        if (before != null && !before.topicId().equals(topic.id())) {
            throw new CommandFailureException(
                    "%s holds a backup of another topic of %s (id %s, here it is %s): name another folder"
                            .formatted(folder, type, before.topicId(), topic.id()),
                    null);
        }
        return before == null ? BackedUpType.empty(type, topic.id(), topic.partitions()) : before;
    }

    private Progress progress(String type) {
        return json ? Progress.silent() : Progress.of(commandLine().getErr(), type, "records", Progress.UNKNOWN);
    }

    private void warn(String finding) {
        commandLine().getErr().println("annals: " + finding);
        commandLine().getErr().flush();
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }
}
