package dev.annals.cli.replaying;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.client.ServiceClient;
import dev.annals.cli.client.Target;
import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.cli.kafka.KafkaOptions;
import dev.annals.cli.progress.Progress;
import dev.annals.engine.notes.Generation;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code annals replay}: builds a view anew, and says how far that is. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Builds a view anew from its events, beside the one that is read.",
            "Readers go over to it when it has caught up, without a failed request; the old one is kept as it was "
                    + "then. Projectors do the work: when this command is ended, the replay goes on, and the command "
                    + "looks on again when it is repeated."
        },
        footer = {
            "",
            "Example: annals replay country-sales",
            "Exit code: 0 readers have it; 1 it failed, was cancelled or takes longer than --wait; 2 wrong usage."
        })
public final class ReplayCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "VIEW", description = "For instance country-sales")
    private String view = "";

    @Option(
            names = "--to-datetime",
            paramLabel = "TIME",
            description = "Begin with the events since then, such as 2011-01-04T10:00:00Z: rows hold nothing older")
    private @Nullable String time;

    @Option(
            names = "--to-offset",
            paramLabel = "OFFSET",
            description = "Begin with this offset in each partition: rows hold nothing older")
    private @Nullable Long offset;

    @Option(
            names = "--in-place",
            description = "Give the live version up at once: half the space, but no rows for anybody until it is done")
    private boolean inPlace;

    @Option(names = "--cancel", description = "Give up the replay that is under way")
    private boolean cancel;

    @Option(names = "--drop-old", description = "Delete the versions that were replaced; begins nothing")
    private boolean dropOld;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "86400",
            description = "How long to look on; 0 only begins it (default: ${DEFAULT-VALUE})")
    private long waitSeconds;

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--json", description = "Print one JSON value in one line, for machines")
    private boolean json;

    @Override
    public Integer call() {
        requireOne();
        KafkaAccess access = kafka.accessToBrokers(target);
        if (!json) {
            target.announce(out());
        }
        try (Replays replays = new Replays(access, target)) {
            if (cancel) {
                print("cancelled", require(replays.cancel(view), "nothing of %s is being built"));
            } else if (dropOld) {
                print("dropped", require(replays.dropOld(view), "nothing of %s is kept but what is live"));
            } else {
                replay(replays);
            }
        }
        return 0;
    }

    private void replay(Replays replays) {
        Generation begun = replays.begin(view, start(replays), inPlace);
        if (waitSeconds == 0) {
            print("begun", List.of(begun));
            return;
        }
        String task = "%s, version %d".formatted(view, begun.view().generation());
        Generation live;
        try (Progress progress = json ? Progress.silent() : Progress.of(err(), task, "events", 0)) {
            live = new Following(replays, target, err(), progress).untilLive(begun, Duration.ofSeconds(waitSeconds));
        }
        print("live", List.of(live));
    }

    private Replays.@Nullable Start start(Replays replays) {
        if (time != null) {
            return replays.at(parsed(time));
        }
        Long wanted = offset;
        return wanted == null ? null : (partition, first, end) -> wanted;
    }

    private Instant parsed(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw wrong("--to-datetime %s: expected a UTC time such as 2011-01-04T10:00:00Z".formatted(text));
        }
    }

    private void requireOne() {
        long actions = Stream.of(cancel, dropOld, inPlace || time != null || offset != null)
                .filter(wanted -> wanted)
                .count();
        if (actions > 1) {
            throw wrong("--cancel and --drop-old begin nothing: leave the other options out");
        }
        if (time != null && offset != null) {
            throw wrong("--to-datetime and --to-offset exclude each other");
        }
        if ((offset != null && offset < 0) || waitSeconds < 0) {
            throw wrong("--to-offset and --wait must be 0 or more");
        }
    }

    private List<Generation> require(List<Generation> changed, String otherwise) {
        if (changed.isEmpty()) {
            throw new CommandFailureException(otherwise.formatted(view), null);
        }
        return changed;
    }

    private void print(String what, List<Generation> generations) {
        PrintWriter out = out();
        if (json) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            generations.forEach(each -> array.add(each.json()));
            out.println(ServiceClient.compact(array));
        } else {
            generations.forEach(each -> out.println("%s, version %d: %s"
                    .formatted(each.view().name(), each.view().generation(), what)));
        }
        out.flush();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
