package dev.annals.cli.importing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.cli.importing.Importer.Run;
import dev.annals.engine.deciding.RejectionCode;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an import tells at its end.
 *
 * @param views figures from the views, in order; amounts are {@link BigDecimal}
 * @param sameAsInput whether the views hold what the input has, and nothing else
 * @param differences between the views and what was accepted, for people
 */
record ImportReport(String name, Run run, Map<String, Object> views, boolean sameAsInput, List<String> differences) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Why the import is not a success; empty if it is. */
    List<String> failures() {
        List<String> failures = new ArrayList<>(differences);
        run.tally()
                .failed()
                .forEach((reason, count) -> failures.add(
                        "%,d commands failed (%s); they are in the dead letters".formatted(count, reason)));
        Long reused = run.tally().rejected().get(RejectionCode.IDEMPOTENCY_KEY_REUSED);
        if (reused != null) {
            failures.add("%,d commands have the id of another command: the input has changed since an earlier import"
                    .formatted(reused));
        }
        return failures;
    }

    void printJson(PrintWriter out) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("import", name);
        json.put("commands", run.survey().commands());
        json.put("seconds", seconds());
        json.put("commandsPerSecond", Math.round(run.commandsPerSecond()));
        json.put("accepted", run.tally().accepted());
        json.put("newlyAccepted", run.tally().newlyAccepted());
        json.put("replayed", run.tally().replayed());
        json.put("rejected", run.tally().rejected());
        json.put("failed", run.tally().failed());
        json.put("skipped", run.survey().skipped());
        json.put("views", texts(views));
        json.put("sameAsInput", sameAsInput);
        json.put("failures", failures());
        try {
            out.println(JSON.writeValueAsString(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values can always be written", e);
        }
        out.flush();
    }

    private double seconds() {
        return run.took().toMillis() / 1000.0;
    }

    /** Money is a string in JSON, as the services write it. */
    private static Map<String, Object> texts(Map<String, Object> values) {
        Map<String, Object> texts = new LinkedHashMap<>();
        values.forEach(
                (key, value) -> texts.put(key, value instanceof BigDecimal amount ? amount.toPlainString() : value));
        return texts;
    }

    void printText(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%,d commands in %.1f s: %,.0f/s%n",
                run.survey().commands(),
                seconds(),
                run.commandsPerSecond());
        line(
                out,
                "accepted",
                run.tally().accepted(),
                "%,d of them now".formatted(run.tally().newlyAccepted()));
        run.tally().rejected().forEach((code, count) -> line(out, "rejected", count, code));
        run.tally().failed().forEach((reason, count) -> line(out, "failed", count, reason));
        line(out, "replayed", run.tally().replayed(), "results of an earlier import");
        run.survey().skipped().forEach((what, count) -> line(out, "skipped", count, what));
        out.println();
        out.println("From the views" + (sameAsInput ? ", which hold this input and nothing else" : ""));
        views.forEach((name, value) -> out.printf(Locale.ROOT, "  %-22s %16s%n", words(name), text(value)));
        out.flush();
    }

    private static void line(PrintWriter out, String name, long count, String what) {
        out.printf(Locale.ROOT, "  %-10s %,9d  %s%n", name, count, what);
    }

    /** {@code topCustomer} is {@code top customer}. */
    private static String words(String name) {
        return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    private static String text(Object value) {
        return switch (value) {
            case Long count -> String.format(Locale.ROOT, "%,d", count);
            case BigDecimal amount -> String.format(Locale.ROOT, "%,." + amount.scale() + "f", amount);
            default -> value.toString();
        };
    }
}
