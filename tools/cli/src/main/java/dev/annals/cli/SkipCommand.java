package dev.annals.cli;

import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.viewregistry.Skip;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.skip.Skips;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private final InstructionOptions options = new InstructionOptions();

    @Option(
            names = "--force",
            description =
                    "Also where the view is not stopped: its newest generation passes over the record when it comes there")
    private boolean force;

    @Override
    public void run() {
        RecordPlace at = place();
        Instruction instruction = options.instruction(output);
        KafkaAccess access = kafka.accessToBrokers();
        output.announce(kafka.target());
        try (Skips skips = new Skips(access)) {
            List<Skip> noted = skips.skip(view, at, instruction, force);
            output.print(
                    noted.stream().map(SkipCommand::json).toList(),
                    noted.stream()
                            .map(skip -> "%s, generation %d, passes over %s when it tries again, within a minute: %s"
                                    .formatted(view, skip.view().generation(), skip.place(), skip.reason()))
                            .toList());
        }
    }

    private RecordPlace place() {
        try {
            return RecordPlace.parse(place);
        } catch (IllegalArgumentException e) {
            throw output.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Object> json(Skip skip) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("view", skip.view().name());
        json.put("generation", skip.view().generation());
        json.put("topic", skip.place().topic());
        json.put("partition", skip.place().partition());
        json.put("offset", skip.place().offset());
        json.put("reason", skip.reason());
        json.put("time", skip.time());
        return json;
    }
}
