package dev.annals.operations.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.api.AggregateView;
import dev.annals.api.View;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.operations.kafka.PartitionReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares a view with a fold of all events, while writes go on.
 *
 * <p>The events are folded up to the ends that the topics have at the start, then all rows are read. What differs then
 * may only be newer, or older, than the fold: so the fold goes on and the rows that differ are read again, until they
 * agree, the settling time is over, or everything has been at rest for {@link RowComparison#REST}.
 */
final class ViewCheck {

    /** Rows that are read one by one again; if more differ, all are read. */
    private static final int MAX_SINGLE_READS = 200;

    private final View<?, ?> view;
    private final FoldedView folded;
    private final ServedView served;
    private final PartitionReader events;
    private final Supplier<Generation> live;
    private final RowComparison comparison;
    private boolean withVersions = true;
    private long cameSince;

    /** @param live reads which generation is live now */
    ViewCheck(
            View<?, ?> view, FoldedView folded, ServedView served, PartitionReader events, Supplier<Generation> live) {
        this.view = view;
        this.folded = folded;
        this.served = served;
        this.events = events;
        this.live = live;
        this.comparison = new RowComparison(this::expected);
    }

    Verification.ViewReport run(Duration settle, int mostDifferences) {
        Generation before = live.get();
        events.readTo(events.ends(), folded::take);
        if (folded.expired > 0 && !(view instanceof AggregateView<?, ?>)) {
            withVersions = false;
        }
        Set<String> seen = new HashSet<>();
        served.forEachRow(row -> {
            String key = row.path("id").asText();
            if (seen.add(key)) {
                comparison.compare(key, CanonicalJson.of(comparable(row)));
            }
        });
        folded.keys().stream().filter(key -> !seen.contains(key)).forEach(key -> comparison.compare(key, null));
        comparison.settle(settle, this::follow);
        Generation after = live.get();
        Comparison result = comparison.end(mostDifferences);
        return new Verification.ViewReport(
                view.name(), after.view().generation(), folded.events, result, remarks(before, after, result));
    }

    private boolean follow() {
        var records = events.poll();
        records.forEach(record -> folded.take(record).forEach(comparison::changed));
        cameSince += records.count();
        boolean quiet = served.status().lagRecords() == 0 && records.isEmpty();
        readAgain();
        return quiet;
    }

    /** What is too many may stand where nobody looks for its key, so it is looked for in the pages. */
    private void readAgain() {
        List<String> open = comparison.open();
        if (open.size() <= MAX_SINGLE_READS && !comparison.hasTooMany()) {
            open.forEach(key -> readAgain(key, served.row(key)));
            return;
        }
        Map<String, JsonNode> rows = new HashMap<>();
        Set<String> wanted = Set.copyOf(open);
        served.forEachRow((JsonNode row) -> {
            String key = row.path("id").asText();
            if (wanted.contains(key)) {
                rows.put(key, row);
            }
        });
        open.forEach(key -> readAgain(key, rows.get(key)));
    }

    private void readAgain(String key, @Nullable JsonNode row) {
        comparison.readAgain(key, row == null ? null : CanonicalJson.of(comparable(row)));
    }

    private @Nullable String expected(String key) {
        JsonNode row = folded.row(key);
        return row == null ? null : CanonicalJson.of(comparable(row));
    }

    /** The version of a row of many aggregates is how often it changed, also by events that have expired since. */
    private JsonNode comparable(JsonNode row) {
        return withVersions ? row : ((ObjectNode) row).deepCopy().without("version");
    }

    /** What a reader must know to judge the result. */
    private List<String> remarks(Generation before, Generation after, Comparison result) {
        List<String> remarks = new ArrayList<>();
        if (!before.view().equals(after.view())) {
            remarks.add("generation %d took the place of %d while it was compared: verify it again"
                    .formatted(after.view().generation(), before.view().generation()));
        }
        if (after.code().version() != view.version()) {
            remarks.add("the live generation was made by version %d of the view's code, this program has version %d"
                    .formatted(after.code().version(), view.version()));
        }
        if (!after.from().isEmpty()) {
            remarks.add("the live generation holds only what came after some place in the events, as it was told to");
        }
        if (!withVersions) {
            remarks.add(
                    "%,d events have expired: how often a row of many aggregates has changed can't be told any more, so the versions of rows were not compared"
                            .formatted(folded.expired));
        }
        ServedView.Status status = served.status();
        if (!status.isRunning()) {
            remarks.add("the view is %s, see: %s".formatted(status.state(), served.moreOfIt()));
        }
        if (folded.skipped > 0) {
            remarks.add("%,d records were passed over, as they were told to be".formatted(folded.skipped));
        }
        if (folded.erased > 0) {
            remarks.add(
                    "%,d events are erased or missing and were left out, as the view says; rows that were made before that have them until it is replayed"
                            .formatted(folded.erased));
        }
        if (result.differing() > 0 && cameSince > 0 && !(view instanceof AggregateView<?, ?>)) {
            remarks.add(
                    "rows that sum up many aggregates agree only when they rest for a moment, and %,d records came while"
                                    .formatted(cameSince)
                            + " they were compared: verify again when there is less to do, or with more time to settle");
        }
        return remarks;
    }
}
