package dev.annals.cli;

import dev.annals.operations.OperationFailedException;
import dev.annals.operations.erase.Erasure;
import dev.annals.operations.erase.Erasure.EventId;
import dev.annals.operations.kafka.KafkaAccess;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals erase}: writes the tombstones of single events. */
@Command(
        name = "erase",
        description = {
            "Erases single events, for ever.",
            "Histories and live readers show them as erased at once. The log holds them until the broker's cleaner "
                    + "has come; states and rows that were made before hold what they did until they are made anew."
        },
        footer = {
            "",
            "Example: annals erase accounts/ada/3 --yes",
            "Exit code: 0 erased; 1 an event is not there, or --yes is missing, and none is erased; 2 wrong usage."
        })
final class EraseCommand extends KafkaCommand implements Runnable {

    private static final int MAX_EVENTS = 1_000;

    @Parameters(arity = "1..*", paramLabel = "EVENT", description = "As its history shows it: accounts/ada/3")
    private List<String> events = List.of();

    @Option(names = "--yes", description = "Without it, this only says what would be erased")
    private boolean yes;

    /** An event, as it is printed for machines. */
    private record Erased(String event, boolean erased) {}

    @Override
    public void run() {
        List<EventId> wanted = wanted();
        KafkaAccess access = kafka.accessToBrokers();
        output.announce(kafka.target());
        Erasure erasure = new Erasure(access);
        List<Erasure.Found> found = erasure.find(wanted);
        if (yes) {
            erasure.erase(found);
        }
        output.print(
                found.stream()
                        .map(each -> new Erased(each.id().toString(), yes))
                        .toList(),
                found.stream()
                        .map(each -> "%s %s: %s of %s"
                                .formatted(yes ? "erased" : "would erase", each.id(), each.type(), each.time()))
                        .toList());
        if (!yes) {
            throw new OperationFailedException("nothing is erased: --yes is missing");
        }
    }

    private List<EventId> wanted() {
        try {
            List<EventId> ids = events.stream().map(EventId::parse).distinct().toList();
            if (ids.size() > MAX_EVENTS) {
                throw new IllegalArgumentException("%d events: at most %d at a time".formatted(ids.size(), MAX_EVENTS));
            }
            return ids;
        } catch (IllegalArgumentException e) {
            throw output.wrong(String.valueOf(e.getMessage()));
        }
    }
}
