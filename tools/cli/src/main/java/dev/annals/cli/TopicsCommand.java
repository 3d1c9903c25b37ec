package dev.annals.cli;

import dev.annals.operations.InstalledDomains;
import dev.annals.operations.topics.TopicFormat;
import dev.annals.operations.topics.TopicPlan;
import dev.annals.operations.topics.TopicPlan.PlannedTopic;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code annals topics}: what an installation wants of its cluster, for who makes it where services may not. */
@Command(
        name = "topics",
        sortOptions = false,
        description = {
            "Lists the topics of an installation, those of views and of Kafka Streams too; asks no broker.",
            "With --print: what makes them, for clusters where services may not (annals.topics.create=false)."
        },
        footer = {
            "",
            "Example: annals topics --print --config command.properties | BOOTSTRAP=broker:9092 sh",
            "A replay wants those of the next generation: annals topics --print --view orders --generation 2",
            "Exit code: 0; 1 if there is no such view; 2 wrong usage."
        })
final class TopicsCommand extends Action implements Callable<Integer> {

    private static final String ANY_BROKER = "\"$BOOTSTRAP\"";

    @Option(names = "--print", description = "Print what makes them, instead of a table")
    private boolean print;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "kafka",
            description = "kafka: lines of kafka-topics.sh; strimzi: KafkaTopic resources; terraform: resources of "
                    + "Mongey/kafka (default: ${DEFAULT-VALUE})")
    private TopicFormat format = TopicFormat.KAFKA;

    @Option(
            names = "--strimzi-cluster",
            paramLabel = "NAME",
            defaultValue = "kafka",
            description = "Name of the Strimzi cluster (default: ${DEFAULT-VALUE})")
    private String cluster = "";

    @Option(names = "--view", paramLabel = "VIEW", description = "Only those of one generation of this view")
    private @Nullable String view;

    @Option(
            names = "--generation",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of --view (default: ${DEFAULT-VALUE})")
    private int generation;

    @Mixin
    private final TopicOptions topics = new TopicOptions();

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final PrefixOption prefix = new PrefixOption();

    @Override
    public Integer call() {
        if (generation < 1) {
            throw output.wrong("--generation %d: expected 1 or more".formatted(generation));
        }
        TopicPlan plan =
                new TopicPlan(prefix.topics(target), topics.settings(), InstalledDomains.load(target.domainJars()));
        List<PlannedTopic> wanted = view == null ? plan.all() : plan.ofView(view, generation);
        if (print && !output.isJson()) {
            String of = format == TopicFormat.STRIMZI ? cluster : ANY_BROKER;
            wanted.forEach(topic -> output.block(format.text(topic, of)));
        } else {
            output.print(wanted, table(wanted));
        }
        return 0;
    }

    private static List<String> table(List<PlannedTopic> topics) {
        return Columns.of(
                List.of("topic", "partitions", "replicas", "settings"),
                topics.stream().map(TopicsCommand::row).toList());
    }

    private static List<String> row(PlannedTopic topic) {
        return List.of(
                topic.name(),
                Integer.toString(topic.partitions()),
                topic.replicationFactor() == null
                        ? "default"
                        : topic.replicationFactor().toString(),
                topic.config().entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(" ")));
    }
}
