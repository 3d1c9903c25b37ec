package dev.annals.cli.coldstart;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.cli.client.ServiceClient;
import dev.annals.cli.client.Target;
import dev.annals.cli.coldstart.ColdStart.Kind;
import dev.annals.cli.coldstart.ColdStart.Reading;
import dev.annals.cli.domains.InstalledDomains;
import dev.annals.cli.kafka.KafkaOptions;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code annals cold-start}: what services read before they answer, where their disks are gone. */
@Command(
        name = "cold-start",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Says how many records the services read before they are ready when their disks are gone.",
            "They are those of all instances of a service together: each partition is read once. What is restored is "
                    + "not folded: no event is decided on or projected again.",
            "The numbers are those of the offsets, which count transaction markers and what compaction has left out: the most it can be."
        },
        footer = {
            "",
            "Example: annals cold-start",
            "A raised Decider.version() has the command service fold all events of the type once, a raised "
                    + "View.version() the projector. With its disk a service reads only what came since its last "
                    + "commit."
        })
public final class ColdStartCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--json", description = "Print one JSON value in one line, for machines")
    private boolean json;

    @Override
    public Integer call() {
        InstalledDomains domains = InstalledDomains.load(target.domainJars());
        try (ColdStart start = new ColdStart(kafka.accessToBrokers(target))) {
            print(start.readings(domains.typeNames()));
        }
        return 0;
    }

    private void print(List<Reading> readings) {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            readings.forEach(each -> array.addObject()
                    .put("service", each.service())
                    .put("of", each.of())
                    .put("kind", name(each.kind()))
                    .put("topic", each.topic())
                    .put("records", each.records()));
            out.println(ServiceClient.compact(array));
        } else {
            out.printf(Locale.ROOT, "%-18s %-20s %-10s %13s  %s%n", "SERVICE", "OF", "READS", "RECORDS", "TOPIC");
            readings.forEach(each -> out.printf(
                    Locale.ROOT,
                    "%-18s %-20s %-10s %,13d  %s%n",
                    each.service(),
                    each.of(),
                    name(each.kind()),
                    each.records(),
                    each.topic()));
        }
        out.flush();
    }

    private static String name(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
