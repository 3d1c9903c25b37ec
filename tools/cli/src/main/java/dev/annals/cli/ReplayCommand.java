package dev.annals.cli;

import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.replay.Replays;
import dev.annals.operations.replay.Replays.Start;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals replay}: builds a view anew, and says how far that is. */
@Command(
        name = "replay",
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
final class ReplayCommand extends KafkaCommand implements Runnable {

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
            description =
                    "Give the live generation up at once: half the space, but no rows for anybody until it is done")
    private boolean inPlace;

    @Option(names = "--cancel", description = "Give up the replay that is under way")
    private boolean cancel;

    @Option(names = "--drop-old", description = "Delete the generations that were replaced; begins nothing")
    private boolean dropOld;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "86400",
            description = "How long to look on; 0 only begins it (default: ${DEFAULT-VALUE})")
    private long waitSeconds;

    @Override
    public void run() {
        requireOne();
        Start start = start();
        KafkaAccess access = kafka.accessToBrokers();
        output.announce(kafka.target());
        try (Replays replays = new Replays(access)) {
            if (cancel) {
                print("cancelled", require(replays.cancel(view), "nothing of %s is being built"));
            } else if (dropOld) {
                print("dropped", require(replays.dropOld(view), "nothing of %s is kept but what is live"));
            } else {
                replay(replays, start);
            }
        }
    }

    private void replay(Replays replays, Start start) {
        Generation begun = replays.begin(view, start, inPlace);
        if (begun == null) {
            throw new OperationFailedException(
                    "view %s has no live generation of which another could be made; what it does says: %s"
                            .formatted(view, kafka.target().hint("views")));
        }
        if (waitSeconds == 0) {
            print("begun", List.of(begun));
            return;
        }
        try (Progress progress = output.progress("events")) {
            switch (replays.watch(begun, Duration.ofSeconds(waitSeconds), watcher(progress))) {
                case Replays.Watched.Live live -> print("live", List.of(live.generation()));
                case Replays.Watched.Cancelled cancelled ->
                    throw new OperationFailedException("generation %d of %s was cancelled"
                            .formatted(begun.view().generation(), view));
                case Replays.Watched.Unfinished unfinished ->
                    throw new OperationFailedException("it was not done within %d s; it goes on; to look on again: %s"
                            .formatted(waitSeconds, kafka.target().hint("replay " + view)));
            }
        }
    }

    private Replays.Watcher watcher(Progress progress) {
        return new Replays.Watcher() {
            @Override
            public void progress(String task, long done, long total) {
                progress.progress(task, done, total);
            }

            @Override
            public void stopped(Stop stop) {
                output.warn("it has stopped at %s, key %s: %s; it is tried again; to have it pass over this record: %s"
                        .formatted(
                                stop.place(),
                                stop.recordKey(),
                                stop.reason(),
                                kafka.target().hint("skip %s %s --reason TEXT".formatted(view, stop.place()))));
            }

            @Override
            public void idle() {
                output.warn(
                        "nothing moves since %d s: does a projector run that has this view, and none of an older release?"
                                .formatted(IDLE.toSeconds()));
            }
        };
    }

    private Start start() {
        if (time != null) {
            return new Start.Time(parsed(time));
        }
        return offset == null ? new Start.First() : new Start.Offset(offset);
    }

    private Instant parsed(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw output.wrong("--to-datetime %s: expected a UTC time such as 2011-01-04T10:00:00Z".formatted(text));
        }
    }

    private void requireOne() {
        long actions = Stream.of(cancel, dropOld, inPlace || time != null || offset != null)
                .filter(wanted -> wanted)
                .count();
        if (actions > 1) {
            throw output.wrong("--cancel and --drop-old begin nothing: leave the other options out");
        }
        if (time != null && offset != null) {
            throw output.wrong("--to-datetime and --to-offset exclude each other");
        }
        if ((offset != null && offset < 0) || waitSeconds < 0) {
            throw output.wrong("--to-offset and --wait must be 0 or more");
        }
    }

    private List<Generation> require(List<Generation> changed, String otherwise) {
        if (changed.isEmpty()) {
            throw new OperationFailedException(otherwise.formatted(view));
        }
        return changed;
    }

    private void print(String what, List<Generation> generations) {
        output.print(
                generations.stream().map(ReplayCommand::json).toList(),
                generations.stream()
                        .map(each -> "%s, generation %d: %s"
                                .formatted(each.view().name(), each.view().generation(), what))
                        .toList());
    }

    private static Map<String, Object> json(Generation generation) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("view", generation.view().name());
        json.put("generation", generation.view().generation());
        json.put("code", generation.code());
        json.put("status", generation.statusName());
        json.put("since", generation.since());
        if (generation.isPartial()) {
            json.put("from", generation.from());
        }
        return json;
    }
}
