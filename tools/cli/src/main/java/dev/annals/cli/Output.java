package dev.annals.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Printing of a command, with its option {@code --json}: lines for people, or one JSON value for machines, never both.
 */
final class Output {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .build();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(names = "--json", order = Action.OUTPUT, description = "Print one JSON value in one line, for machines")
    private boolean json;

    /** Whether a person looks on; the start script knows, Java 21 has no way to ask. */
    static boolean isTerminal() {
        return Boolean.getBoolean("annals.terminal");
    }

    boolean isJson() {
        return json;
    }

    /** Prints a result: records, maps and lists as JSON, or what it is in words. */
    void print(@Nullable Object value, Collection<String> lines) {
        if (json) {
            out().println(compact(value));
            out().flush();
        } else {
            lines.forEach(this::line);
        }
    }

    /** A line for people, which machines do not get. */
    void line(String line) {
        if (!json) {
            out().println(printable(line));
            out().flush();
        }
    }

    /** Several lines that belong together, ours as they are. */
    void block(String lines) {
        lines.lines().forEach(this::line);
    }

    /** The answer of a service, which is JSON for people too. */
    void answer(JsonNode answer) {
        if (!answer.isMissingNode()) {
            out().println(json ? compact(answer) : answer.toPrettyString());
            out().flush();
        }
    }

    /** Says something to a person beside the output. */
    void explain(String line) {
        if (!json) {
            warn(line);
        }
    }

    /** Likewise, also where machines read the output. */
    void warn(String line) {
        PrintWriter err = commandLine().getErr();
        err.println(printable(line));
        err.flush();
    }

    /** Names what a command is about to change something in. */
    void announce(Target target) {
        line(target.announcement());
    }

    /** @param what is counted, such as {@code events} */
    Progress progress(String what) {
        return new Progress(commandLine().getErr(), what, json);
    }

    /** What to throw where the command was used wrongly. */
    ParameterException wrong(String message) {
        return new ParameterException(commandLine(), message);
    }

    PrintWriter out() {
        return commandLine().getOut();
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(command).commandLine();
    }

    private static String compact(@Nullable Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Can't write as JSON: " + value, e);
        }
    }

    /** Text that was received may be anything: control characters don't reach the terminal. */
    private static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
