package dev.annals.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How an answer is printed. */
final class JsonOutput {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(names = "--json", description = "Print JSON in one line, for machines")
    private boolean compact;

    /** Says something of the answer to a person, beside the output: that stays JSON. */
    void explain(String line) {
        if (!compact) {
            PrintWriter err = Objects.requireNonNull(command).commandLine().getErr();
            err.println(Printable.of(line));
            err.flush();
        }
    }

    void print(JsonNode answer) {
        if (!answer.isMissingNode()) {
            PrintWriter out = Objects.requireNonNull(command).commandLine().getOut();
            out.println(compact ? ServiceClient.compact(answer) : ServiceClient.pretty(answer));
            out.flush();
        }
    }
}
