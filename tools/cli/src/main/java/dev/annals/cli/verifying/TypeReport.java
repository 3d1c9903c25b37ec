package dev.annals.cli.verifying;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.cli.client.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * What came of reading all events of a type.
 *
 * @param erased how many events were erased, as far as their tombstones tell; also those that have expired until the log is compacted
 * @param expired how many versions are missing before a summary
 * @param hash of all events
 * @param count of the findings
 * @param findings the first of them
 */
public record TypeReport(
        String type,
        long events,
        long erased,
        long expired,
        long aggregates,
        String hash,
        long count,
        List<Finding> findings) {

    static TypeReport of(String type, StreamsReading read) {
        Findings findings = read.end();
        return new TypeReport(
                type,
                read.events(),
                read.erased(),
                read.expired(),
                read.aggregates(),
                read.hash(),
                findings.count(),
                findings.first());
    }

    boolean isRight() {
        return count == 0;
    }

    void print(PrintWriter out) {
        out.printf(Locale.ROOT, "type %s: %s%n", type, isRight() ? "right" : "%,d FINDINGS".formatted(count));
        out.printf(
                Locale.ROOT,
                "  events    %,d of %,d aggregates, %,d erased, %,d expired%n",
                events,
                aggregates,
                erased,
                expired);
        out.printf("  hash      %s%n", hash);
        findings.forEach(finding ->
                out.println("  " + Printable.of("%s: %s".formatted(finding.key(), finding.text()))));
        if (count > findings.size()) {
            out.printf(Locale.ROOT, "  and %,d more (--differences)%n", count - findings.size());
        }
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", type)
                .put("right", isRight())
                .put("events", events)
                .put("erased", erased)
                .put("expired", expired)
                .put("aggregates", aggregates)
                .put("hash", hash)
                .put("findingCount", count);
        var array = json.putArray("findings");
        findings.forEach(finding -> array.add(finding.json()));
        return json;
    }
}
