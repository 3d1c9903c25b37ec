package dev.annals.cli.backup;

import dev.annals.cli.backup.Manifest.BackedUpType;
import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.client.Target;
import dev.annals.cli.domains.InstalledDomains;
import dev.annals.cli.kafka.CommittedReader;
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
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code annals restore}: writes the events of a backup into an empty installation. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Writes all events of a backup into an installation that has none.",
            "Checks every file first, makes the topics that are missing, registers the schemas, and compares the "
                    + "hash of all events with that of the backup. One that was broken off goes on.",
            "The command services must be stopped: they make their states from the events when they start."
        },
        footer = {
            "",
            "Example: annals up --kafka-only && annals restore /backups/shop && annals up",
            "Command ids are not part of a backup: a command that is repeated after a restore is decided anew.",
            "Exit code: 0 restored, with the same hash; 1 refused or broken off, the message says why."
        })
public final class RestoreCommand implements Callable<Integer> {

    private static final String COMMAND_GROUP = "annals-command-";
    private static final int FINDINGS = 3;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "Folder of the backup")
    private Path folder = Path.of("");

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Of topics that are made (default: as many as the backed up topic had)")
    private @Nullable Integer partitions;

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--json", description = "Print one JSON value in one line, for machines")
    private boolean json;

    @Override
    public Integer call() {
        if (partitions != null && partitions < 1) {
            throw new ParameterException(commandLine(), "--partitions %d: expected 1 or more".formatted(partitions));
        }
        KafkaAccess access = kafka.access(target);
        if (!json) {
            target.announce(commandLine().getOut());
        }
        InstalledDomains domains = InstalledDomains.load(target.domainJars());
        BackupFolder from = new BackupFolder(folder);
        Manifest manifest = from.manifest();
        manifest.types().forEach(type -> requireComplete(type, domains));
        List<TypeResult> results = new ArrayList<>();
        try (SchemaRegistryClient registry =
                        SchemaRegistryClient.create(access.serdes().configuration());
                Cluster cluster = new Cluster(access)) {
            manifest.types().forEach(type -> requireStopped(cluster, access, type.type()));
            List<Long> written = new ArrayList<>();
            manifest.types().forEach(type -> written.add(alreadyWritten(cluster, access, manifest.id(), type)));
            manifest.types().forEach(from::check);
            for (int i = 0; i < written.size(); i++) {
                BackedUpType type = manifest.types().get(i);
                int count = prepare(cluster, type);
                try (Progress progress = progress(type)) {
                    new Restore(access, from, registry, manifest.id(), type, count, progress::done).run(written.get(i));
                }
                cluster.awaitVisible(type.type(), count);
                results.add(check(access, domains, type, type.records() - written.get(i)));
                requireStopped(cluster, access, type.type());
            }
        }
        TypeResult.print(commandLine().getOut(), json, "restored", manifest.id(), results);
        return 0;
    }

    private void requireComplete(BackedUpType type, InstalledDomains domains) {
        if (type.hash() == null) {
            throw new CommandFailureException(
                    "the backup of %s in %s was broken off: complete it with `annals backup`, where it came from"
                            .formatted(type.type(), folder),
                    null);
        }
        domains.named(List.of(type.type()));
    }

    /** A command service that runs has states without these events, and would decide against them. */
    private void requireStopped(Cluster cluster, KafkaAccess access, String type) {
        List<String> members = cluster.members(access.topics().prefix() + COMMAND_GROUP + type);
        if (!members.isEmpty()) {
            throw new CommandFailureException(
                    "command services decide %s meanwhile (%s), on states without the restored events: stop all of them, restore, and start them again; on one machine: %s, %s"
                            .formatted(
                                    type,
                                    String.join(", ", members),
                                    target.hint("down"),
                                    target.hint("up --kafka-only")),
                    null);
        }
    }

    /** How many records of this backup are in the topic; refuses a topic with any others. */
    private static long alreadyWritten(Cluster cluster, KafkaAccess access, String backupId, BackedUpType type) {
        Cluster.Topic topic = cluster.events(type.type());
        if (topic == null || cluster.offsets(type.type(), topic.partitions()) == 0) {
            return 0;
        }
        Restore.endPredecessor(access, type.type());
        cluster.awaitVisible(type.type(), topic.partitions());
        OffsetAndMetadata noted =
                cluster.committed(Restore.group(access, type.type()), Restore.place(access, type.type()));
        boolean ours = noted != null && noted.metadata().equals(Restore.metadata(backupId, type));
        long written = noted != null && ours ? noted.offset() : 0;
        long there = count(access, type.type());
        if (there != written) {
            throw new CommandFailureException(
                    "%s holds %,d records, %,d of them from this backup: restore into an installation without events"
                            .formatted(access.topics().events(type.type()), there, written),
                    null);
        }
        return written;
    }

    private static long count(KafkaAccess access, String type) {
        AtomicLong count = new AtomicLong();
        try (CommittedReader reader =
                new CommittedReader(access, List.of(access.topics().events(type)))) {
            reader.readTo(reader.ends(), record -> count.incrementAndGet());
        }
        return count.get();
    }

    /** @return how many partitions the event topic has */
    private int prepare(Cluster cluster, BackedUpType type) {
        cluster.create(type.type(), partitions == null ? type.partitions() : partitions);
        return Objects.requireNonNull(cluster.events(type.type())).partitions();
    }

    private static TypeResult check(KafkaAccess access, InstalledDomains domains, BackedUpType type, long written) {
        AggregateBinding<?, ?, ?> binding = domains.named(List.of(type.type())).getFirst();
        TypeReport report = new TypeCheck(access).run(binding, FINDINGS);
        if (!report.hash().equals(type.hash())) {
            throw new CommandFailureException(
                    "%s is restored, but the hash of its %,d events is %s, and that of the %,d in the backup %s: don't use it"
                            .formatted(type.type(), report.events(), report.hash(), type.events(), type.hash()),
                    null);
        }
        return new TypeResult(type.type(), written, type.records(), report.events(), report.hash());
    }

    private Progress progress(BackedUpType type) {
        return json ? Progress.silent() : Progress.of(commandLine().getErr(), type.type(), "records", type.records());
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }
}
