package dev.annals.cli;

import dev.annals.operations.deadletters.DeadLetter;
import dev.annals.operations.deadletters.DeadLetter.Position;
import dev.annals.operations.deadletters.DeadLetterJson;
import dev.annals.operations.deadletters.DeadLetters;
import dev.annals.operations.deadletters.DeadLetters.SentAgain;
import dev.annals.operations.kafka.KafkaAccess;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals dead-letters}: lists the commands that failed, or sends one again. */
@Command(
        name = "dead-letters",
        description = {
            "Lists the commands of a type that could not be read or handled, or sends one of them again.",
            "The newest stand last. One that is sent again goes as it was received, and this command says what came "
                    + "of it."
        },
        footer = {
            "",
            "Example: annals dead-letters orders --reason handler-failed",
            "         annals dead-letters orders --send-again 2:17",
            "Looks at the newest " + DeadLetters.MAX_SCANNED + " offsets of each partition.",
            "Exit code: 0 listed, accepted or sent without a command id; 1 rejected, failed or no result in time; 2 wrong usage."
        })
final class DeadLettersCommand extends KafkaCommand implements Callable<Integer> {

    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 10_000;
    private static final int MAX_WAIT_SECONDS = 600;
    private static final String INDENT = "    ";

    @Parameters(index = "0", paramLabel = "TYPE", description = "Aggregate type, for instance orders")
    private String type = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many, up to " + MAX_LIMIT + " (default: " + DEFAULT_LIMIT + ")")
    private @Nullable Integer limit;

    @Option(names = "--reason", paramLabel = "REASON", description = "Only those with this reason, e.g. unreadable")
    private @Nullable String reason;

    @Option(
            names = "--send-again",
            paramLabel = "PARTITION:OFFSET",
            description = "Send the dead letter at this place to the commands again")
    private @Nullable String sendAgain;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for what comes of it, up to " + MAX_WAIT_SECONDS + " (default: 30)")
    private int waitSeconds;

    @Override
    public Integer call() {
        return sendAgain == null ? list() : sendAgain(position(sendAgain));
    }

    private int list() {
        int most = limit == null ? DEFAULT_LIMIT : limit;
        if (most < 1 || most > MAX_LIMIT) {
            throw output.wrong("--limit %d: expected 1 to %d".formatted(most, MAX_LIMIT));
        }
        DeadLetters letters = new DeadLetters(kafka.accessToBrokers(), type);
        List<DeadLetter> newest = letters.newest(most, letter -> reason == null || reason.equals(letter.reason()));
        output.print(
                newest.stream().map(DeadLetterJson::of).toList(),
                newest.isEmpty()
                        ? List.of("No such dead letters in " + letters.topic() + ".")
                        : newest.stream().flatMap(DeadLettersCommand::lines).toList());
        return 0;
    }

    private int sendAgain(Position position) {
        if (limit != null || reason != null) {
            throw output.wrong("--send-again names one dead letter: leave out --limit and --reason");
        }
        if (waitSeconds < 0 || waitSeconds > MAX_WAIT_SECONDS) {
            throw output.wrong("--wait %d: expected 0 to %d seconds".formatted(waitSeconds, MAX_WAIT_SECONDS));
        }
        KafkaAccess access = kafka.access();
        output.announce(kafka.target());
        SentAgain result = new DeadLetters(access, type).sendAgain(position, Duration.ofSeconds(waitSeconds));
        output.print(DeadLetterJson.of(result), List.of(text(result)));
        return result.isSuccess() ? 0 : 1;
    }

    private Position position(String text) {
        try {
            return Position.parse(text);
        } catch (IllegalArgumentException e) {
            throw output.wrong("--send-again: " + e.getMessage());
        }
    }

    /** Three lines for a person. */
    static Stream<String> lines(DeadLetter letter) {
        String what = Stream.of(
                        named("key", letter.key()),
                        named("command", letter.commandId()),
                        Objects.requireNonNullElse(letter.commandType(), ""))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        return Stream.of(
                "%s  %s  %s  %s"
                        .formatted(
                                letter.position(),
                                letter.time(),
                                Objects.requireNonNullElse(letter.reason(), "?"),
                                what),
                INDENT + "received as " + letter.origin(),
                INDENT + Objects.requireNonNullElse(letter.message(), ""));
    }

    private static String named(String name, @Nullable String value) {
        return value == null ? "" : name + " " + value;
    }

    static String text(SentAgain result) {
        return switch (result.outcome()) {
            case ACCEPTED -> "accepted, version " + result.version();
            case REJECTED -> "rejected, %s: %s".formatted(result.code(), result.message());
            case FAILED ->
                "failed, %s: %s".formatted(result.code(), result.message())
                        + (result.deadLetter() == null ? "" : "; dead letter " + result.deadLetter());
            case UNKNOWN -> "no result yet: is the command service running? It will be decided when it is";
            case SENT -> "sent; it has no command id (header ce_id), so nobody is told its result";
        };
    }
}
