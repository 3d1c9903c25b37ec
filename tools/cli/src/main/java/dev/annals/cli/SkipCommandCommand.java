package dev.annals.cli;

import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.viewregistry.CommandSkip;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.skip.CommandSkips;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code annals commands skip}: notes that the command service passes over one record. */
@Command(
        name = "skip",
        description = {
            "Has the command service pass over a command that it can't get past, for ever, without reading it.",
            "For a record that ends its process, that nobody can read, or whose handler does not return: readiness of the command service, "
                    + "or the offset at which its group stands, says where that is. Its dead letter holds the place alone, with the reason and who gave it."
        },
        footer = {
            "",
            "Example: annals commands skip orders 2@17 --reason \"100 MB of zeros, ticket 4711\"",
            "A service that runs and fails at it passes over it within seconds; one that does not fail, but waits, when it is started again.",
            "Where a producer has sent several records in one compressed batch, those after it in the batch are read with it: skip them too.",
            "Exit code: 0 noted; 1 there is no such record, or it is decided; 2 wrong usage."
        })
final class SkipCommandCommand extends KafkaCommand implements Runnable {

    private static final Pattern PLACE = Pattern.compile("(?<partition>\\d{1,9})@(?<offset>\\d{1,18})");

    @Parameters(index = "0", paramLabel = "TYPE", description = "Aggregate type, for instance orders")
    private String type = "";

    @Parameters(
            index = "1",
            paramLabel = "PARTITION@OFFSET",
            description = "In the topic of its commands, for instance 2@17")
    private String place = "";

    @Mixin
    private final InstructionOptions options = new InstructionOptions();

    @Override
    public void run() {
        Matcher at = PLACE.matcher(place);
        if (!at.matches()) {
            throw output.wrong("'%s': expected PARTITION@OFFSET, for instance 2@17".formatted(place));
        }
        Instruction instruction = options.instruction(output);
        KafkaAccess access = kafka.accessToBrokers();
        output.announce(kafka.target());
        try (CommandSkips skips = new CommandSkips(access)) {
            CommandSkip noted = skips.skip(
                    type, Integer.parseInt(at.group("partition")), Long.parseLong(at.group("offset")), instruction);
            output.print(
                    json(noted),
                    List.of("The command service passes over %s when it tries again or is started again: %s"
                            .formatted(noted.place(), noted.reason())));
        }
    }

    private static Map<String, Object> json(CommandSkip skip) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("topic", skip.place().topic());
        json.put("partition", skip.place().partition());
        json.put("offset", skip.place().offset());
        json.put("actor", skip.actor());
        json.put("reason", skip.reason());
        json.put("time", skip.time().toString());
        return json;
    }
}
