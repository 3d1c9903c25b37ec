package dev.annals.cli;

import dev.annals.engine.kafka.Instruction;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.erase.Erasure;
import dev.annals.operations.erase.Erasure.EventId;
import dev.annals.operations.erase.JournalErasure;
import dev.annals.operations.erase.JournalErasure.Held;
import dev.annals.operations.erase.Remains;
import dev.annals.operations.kafka.KafkaAccess;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals erase}: writes the tombstones of single events. */
@Command(
        name = "erase",
        description = {
            "Erases single events, for ever.",
            "Histories and live readers show them as erased at once. The log holds them until the broker's cleaner "
                    + "has come; states and rows that were made before hold what they did until they are made anew.",
            "From the journals of processes they go likewise: of an instance that has ended the whole journal, of one that runs the entry, "
                    + "while its state stays as it is. What its commands carried on stands in the events of others.",
            "What takes their place says who had them erased, when and why. It says where something of them is left, and until when."
        },
        footer = {
            "",
            "Example: annals erase accounts/ada/3 --reason \"request 17 under article 17\" --yes",
            "Exit code: 0 erased; 1 an event is not there, or an instance waits for an answer that it led to, or --yes is missing, "
                    + "and none is erased; 2 wrong usage."
        })
final class EraseCommand extends KafkaCommand implements Runnable {

    private static final int MAX_EVENTS = 1_000;

    @Parameters(arity = "1..*", paramLabel = "EVENT", description = "As its history shows it: accounts/ada/3")
    private List<String> events = List.of();

    @Mixin
    private final InstructionOptions options = new InstructionOptions();

    @Option(names = "--yes", description = "Without it, this only says what would be erased")
    private boolean yes;

    /** An event, as it is printed for machines. */
    private record Erased(String event, boolean erased, List<Journal> journals, List<Remains.Rest> remains) {}

    /** Of an instance, from which the event goes; whole, or its entries alone. */
    private record Journal(String process, String instance, boolean whole) {}

    @Override
    public void run() {
        List<EventId> wanted = wanted();
        Instruction instruction = options.instruction(output);
        KafkaAccess access = kafka.access();
        output.announce(kafka.target());
        Erasure erasure = new Erasure(access);
        List<Erasure.Found> found = erasure.find(wanted);
        InstalledDomains domains = InstalledDomains.load(kafka.target().domainJars());
        JournalErasure journals = new JournalErasure(access, domains);
        List<Held> held = journals.find(wanted);
        List<Remains.Rest> remains = Remains.of(access, domains, wanted, held);
        if (yes) {
            journals.erase(held, instruction);
            erasure.erase(found, instruction);
        }
        output.print(
                found.stream()
                        .map(each -> new Erased(
                                each.id().toString(),
                                yes,
                                of(each, held).stream()
                                        .map(journal ->
                                                new Journal(journal.process(), journal.instance(), journal.ended()))
                                        .toList(),
                                remains))
                        .toList(),
                Stream.concat(
                                found.stream().flatMap(each -> lines(each, of(each, held))),
                                remains.stream().map(EraseCommand::line))
                        .toList());
        if (!yes) {
            throw new OperationFailedException("nothing is erased: --yes is missing");
        }
    }

    private static List<Held> of(Erasure.Found event, List<Held> held) {
        return held.stream().filter(each -> each.event().equals(event.id())).toList();
    }

    private Stream<String> lines(Erasure.Found event, List<Held> held) {
        String verb = yes ? "erased" : "would erase";
        return Stream.concat(
                Stream.of("%s %s: %s of %s".formatted(verb, event.id(), event.type(), event.time())),
                held.stream()
                        .map(each -> each.ended()
                                ? "%s the journal of %s/%s, which has ended, with %s"
                                        .formatted(verb, each.process(), each.instance(), event.id())
                                : "%s %s from the journal of %s/%s, which runs: its state stays as it is"
                                        .formatted(verb, event.id(), each.process(), each.instance())));
    }

    private static String line(Remains.Rest rest) {
        return "left in %s: %s, %s".formatted(rest.where(), rest.what(), rest.until());
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
