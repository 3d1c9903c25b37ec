package dev.annals.cli.verifying;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.cli.client.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * What came of comparing a view.
 *
 * @param events how many were folded
 * @param cameMeanwhile records that came after the first comparison, and were followed because rows differed
 * @param remarks what a reader must know to judge the result
 */
record ViewReport(
        String view,
        int generation,
        long events,
        RowComparison.Result result,
        long cameMeanwhile,
        List<String> remarks) {

    ViewReport {
        remarks = List.copyOf(remarks);
    }

    boolean isEqual() {
        return result.differing() == 0;
    }

    void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "view %s, generation %d: %s%n",
                view,
                generation,
                isEqual() ? "equal" : "DIFFERENT in %,d rows".formatted(result.differing()));
        out.printf(Locale.ROOT, "  events    %,d folded%n", events);
        out.printf(
                Locale.ROOT,
                "  rows      %,d expected, %,d served%n",
                result.expected().count(),
                result.found().count());
        out.printf(
                "  expected  %s%n  served    %s%n",
                result.expected().hash(), result.found().hash());
        if (result.changedMeanwhile() > 0) {
            out.printf(
                    Locale.ROOT,
                    "  %,d rows changed while they were compared, and then agreed; the hashes are of no single moment%n",
                    result.changedMeanwhile());
        }
        remarks.forEach(remark -> out.println("  " + remark));
        result.differences().forEach(difference -> out.println("  " + Printable.of(difference.text("served"))));
        int more = result.differing() - result.differences().size();
        if (more > 0) {
            out.printf(Locale.ROOT, "  and %,d more (--differences)%n", more);
        }
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("view", view)
                .put("generation", generation)
                .put("equal", isEqual())
                .put("events", events);
        side(json.putObject("expected"), result.expected());
        side(json.putObject("served"), result.found());
        json.put("differing", result.differing());
        var differences = json.putArray("differences");
        result.differences().forEach(difference -> differences.add(difference.json()));
        json.put("changedMeanwhile", result.changedMeanwhile());
        var array = json.putArray("remarks");
        remarks.forEach(array::add);
        return json;
    }

    private static void side(ObjectNode json, RowComparison.Side side) {
        json.put("rows", side.count()).put("hash", side.hash());
    }
}
