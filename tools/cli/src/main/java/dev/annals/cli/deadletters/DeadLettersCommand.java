package dev.annals.cli.deadletters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.cli.client.ServiceClient;
import dev.annals.cli.client.Target;
import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.cli.kafka.KafkaOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code annals dead-letters}: lists the commands that failed, or sends one again. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Lists the commands of a type that could not be read or handled, or sends one of them again.",
            "The newest stand last. One that is sent again goes as it was received, and this command says what came "
                    + "of it."
        },
        footer = {
            "",
            "Example: annals dead-letters orders --reason handler-failed",
            "         annals dead-letters orders --send-again 2:17",
            "Looks at the newest " + TopicReader.MAX_SCANNED + " offsets of each partition.",
            "Exit code: 0 listed, accepted or sent without a command id; 1 rejected, failed or no result in time; 2 wrong usage."
        })
public final class DeadLettersCommand implements Callable<Integer> {

    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 10_000;
    private static final int MAX_WAIT_SECONDS = 600;

    @Spec
    private @Nullable CommandSpec spec;

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

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--json", description = "Print one JSON value in one line, for machines")
    private boolean json;

    @Override
    public Integer call() {
        return sendAgain == null ? list() : sendAgain(place(sendAgain));
    }

    private int list() {
        int most = limit == null ? DEFAULT_LIMIT : limit;
        if (most < 1 || most > MAX_LIMIT) {
            throw wrong("--limit %d: expected 1 to %d".formatted(most, MAX_LIMIT), null);
        }
        KafkaAccess access = kafka.accessToBrokers(target);
        String topic = access.topics().deadLetters(type);
        try (TopicReader reader = new TopicReader(access, topic)) {
            print(topic, reader.newest(most, letter -> reason == null || reason.equals(letter.reason())));
        }
        return 0;
    }

    private void print(String topic, List<DeadLetter> letters) {
        if (json) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            letters.forEach(letter -> array.add(letter.json()));
            print(array);
        } else if (letters.isEmpty()) {
            out().println("No such dead letters in " + topic + ".");
        } else {
            letters.forEach(letter -> letter.lines().forEach(out()::println));
        }
        out().flush();
    }

    private int sendAgain(Place place) {
        if (limit != null || reason != null) {
            throw wrong("--send-again names one dead letter: leave out --limit and --reason", null);
        }
        if (waitSeconds < 0 || waitSeconds > MAX_WAIT_SECONDS) {
            throw wrong("--wait %d: expected 0 to %d seconds".formatted(waitSeconds, MAX_WAIT_SECONDS), null);
        }
        KafkaAccess access = kafka.access(target);
        if (!json) {
            target.announce(out());
        }
        Answer answer = new SendAgain(access, type).send(place, Duration.ofSeconds(waitSeconds));
        if (json) {
            print(answer.json());
        } else {
            out().println(answer.text());
            out().flush();
        }
        return answer.isSuccess() ? 0 : 1;
    }

    private Place place(String text) {
        try {
            return Place.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong("--send-again: " + e.getMessage(), e);
        }
    }

    private void print(JsonNode value) {
        out().println(ServiceClient.compact(value));
        out().flush();
    }

    private PrintWriter out() {
        return commandLine().getOut();
    }

    private ParameterException wrong(String message, @Nullable Exception cause) {
        return new ParameterException(commandLine(), message, cause);
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }
}
