package dev.annals.cli.verifying;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.cli.client.Printable;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * What came of comparing the states of a type.
 *
 * @param ofOtherCode how many are of another version of the decider, and are made anew before the next command
 */
record StateReport(RowComparison.Result result, int ofOtherCode) {

    boolean isEqual() {
        return result.differing() == 0;
    }

    void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "  states    %,d expected, %,d held by the command services: %s%n",
                result.expected().count(),
                result.found().count(),
                isEqual() ? "equal" : "DIFFERENT in %,d".formatted(result.differing()));
        out.printf(
                "  expected  %s%n  held      %s%n",
                result.expected().hash(), result.found().hash());
        if (ofOtherCode > 0) {
            out.printf(
                    Locale.ROOT,
                    "  %,d states are of another version of the decider, and are made anew before the next command%n",
                    ofOtherCode);
        }
        result.differences().forEach(difference -> out.println("  " + Printable.of(difference.text("held"))));
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("equal", isEqual());
        json.putObject("expected")
                .put("states", result.expected().count())
                .put("hash", result.expected().hash());
        json.putObject("held")
                .put("states", result.found().count())
                .put("hash", result.found().hash());
        json.put("differing", result.differing());
        var differences = json.putArray("differences");
        result.differences().forEach(difference -> differences.add(difference.json()));
        json.put("ofOtherCode", ofOtherCode);
        return json;
    }
}
