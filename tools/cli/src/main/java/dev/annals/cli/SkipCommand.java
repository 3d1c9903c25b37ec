package dev.annals.cli;

import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.viewregistry.Skip;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.skip.Skips;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals skip}: notes that a view passes over one record. */
@Command(
        name = "skip",
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
final class SkipCommand extends KafkaCommand implements Runnable {

    @Parameters(index = "0", paramLabel = "VIEW", description = "For instance country-sales")
    private String view = "";

    @Parameters(index = "1", paramLabel = "TOPIC-PARTITION@OFFSET", description = "For instance orders.events-2@17")
    private String place = "";

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for those who ask later")
    private String reason = "";

    @Option(
            names = "--force",
            description =
                    "Also where the view is not stopped: its newest generation passes over the record when it comes there")
    private boolean force;

    /** What is noted, as it is printed for machines. */
    private record Noted(
            String view, int generation, String topic, int partition, long offset, String reason, Instant time) {

        static Noted of(Skip skip) {
            RecordPlace at = skip.place();
            return new Noted(
                    skip.view().name(),
                    skip.view().generation(),
                    at.topic(),
                    at.partition(),
                    at.offset(),
                    skip.reason(),
                    skip.time());
        }

        String text() {
            return "%s, generation %d, passes over %s-%d@%d when it tries again, within a minute: %s"
                    .formatted(view, generation, topic, partition, offset, reason);
        }
    }

    @Override
    public void run() {
        RecordPlace at = place();
        if (reason.isBlank()) {
            throw output.wrong("--reason is empty: say why, for those who ask later");
        }
        KafkaAccess access = kafka.accessToBrokers();
        output.announce(kafka.target());
        try (Skips skips = new Skips(access)) {
            List<Noted> noted =
                    skips.skip(view, at, reason, force).stream().map(Noted::of).toList();
            output.print(noted, noted.stream().map(Noted::text).toList());
        }
    }

    private RecordPlace place() {
        try {
            return RecordPlace.parse(place);
        } catch (IllegalArgumentException e) {
            throw output.wrong(String.valueOf(e.getMessage()));
        }
    }
}
