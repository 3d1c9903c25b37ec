package dev.annals.cli.skipping;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.client.Printable;
import dev.annals.cli.client.ServiceClient;
import dev.annals.cli.client.Target;
import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.cli.kafka.KafkaOptions;
import dev.annals.engine.notes.RecordPlace;
import dev.annals.engine.notes.Skip;
import dev.annals.engine.notes.Stop;
import dev.annals.engine.notes.ViewId;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code annals skip}: notes that a view passes over one record. */
@Command(
        name = "skip",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Has a view that has stopped pass over the record that it has stopped at, for ever.",
            "What the event would have changed is missing from the view; no other view and no event is touched. "
                    + "`annals views` says where a view has stopped."
        },
        footer = {
            "",
            "Example: annals skip orders orders.events-2@17 --reason \"written by hand, ticket 4711\"",
            "The view goes on when it tries again, within a minute.",
            "Exit code: 0 noted; 1 the view is not known, or not stopped there; 2 wrong usage."
        })
public final class SkipCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "VIEW", description = "For instance country-sales")
    private String view = "";

    @Parameters(index = "1", paramLabel = "TOPIC-PARTITION@OFFSET", description = "For instance orders.events-2@17")
    private String place = "";

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for those who ask later")
    private String reason = "";

    @Option(
            names = "--force",
            description =
                    "Also where the view is not stopped: its newest version passes over the record when it comes there")
    private boolean force;

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--json", description = "Print one JSON value in one line, for machines")
    private boolean json;

    @Override
    public Integer call() {
        RecordPlace at = place();
        if (reason.isBlank()) {
            throw wrong("--reason is empty: say why, for those who ask later", null);
        }
        KafkaAccess access = kafka.accessToBrokers(target);
        if (!json) {
            target.announce(out());
        }
        try (Notebook notebook = new Notebook(access)) {
            List<Skip> skips = views(notebook, at).stream()
                    .map(each -> new Skip(each, at, reason, Instant.now()))
                    .toList();
            skips.forEach(notebook::write);
            print(skips);
        }
        return 0;
    }

    /** The versions of the view that are stopped there: each is a view of its own. */
    private List<ViewId> views(Notebook notebook, RecordPlace at) {
        ViewId newest = notebook.newest(view);
        List<Stop> stops = notebook.stops(view);
        List<ViewId> there = stops.stream()
                .filter(stop -> stop.place().equals(at))
                .map(Stop::view)
                .toList();
        if (there.isEmpty() && !force) {
            throw new CommandFailureException(
                    "view %s is not stopped at %s, but %s; --force notes it all the same"
                            .formatted(view, at, described(stops)),
                    null);
        }
        return there.isEmpty() ? List.of(newest) : there;
    }

    private static String described(List<Stop> stops) {
        return stops.isEmpty()
                ? "nowhere"
                : stops.stream().map(stop -> "at " + stop.place()).collect(Collectors.joining(" and "));
    }

    private void print(List<Skip> skips) {
        PrintWriter out = out();
        if (json) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            skips.forEach(skip -> array.add(skip.json()));
            out.println(ServiceClient.compact(array));
        } else {
            skips.forEach(skip ->
                    out.println(Printable.of("%s, version %d, passes over %s when it tries again, within a minute: %s"
                            .formatted(skip.view().name(), skip.view().generation(), skip.place(), skip.reason()))));
        }
        out.flush();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private RecordPlace place() {
        try {
            return RecordPlace.parse(place);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()), e);
        }
    }

    private ParameterException wrong(String message, @Nullable Exception cause) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message, cause);
    }
}
