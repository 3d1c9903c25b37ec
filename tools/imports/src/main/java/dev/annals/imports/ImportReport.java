package dev.annals.imports;

import dev.annals.engine.deciding.CommandResult;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What came of an import.
 *
 * @param commands how many were sent
 * @param took from the first send to the last result
 * @param accepted now or by an earlier import
 * @param replayed results of an earlier import, whatever their outcome
 * @param rejected how many, by code
 * @param failed how many, by reason; they are in the dead letters
 * @param skipped how much of the input was left out, by what it is
 * @param rows what became of the rows, where the commands don't say it by themselves; else empty
 * @param views figures from the views, in order; amounts are {@link BigDecimal}
 * @param sameAsInput whether the views hold what the input has, and nothing else
 * @param failures why it is no success, for people; none if it is one
 */
public record ImportReport(
        String name,
        long commands,
        Duration took,
        long accepted,
        long newlyAccepted,
        long replayed,
        Map<String, Long> rejected,
        Map<String, Long> failed,
        Map<String, Long> skipped,
        Map<String, Long> rows,
        Map<String, Object> views,
        boolean sameAsInput,
        List<String> failures) {

    /**
     * What the views say after an import.
     *
     * @param views figures, in order; none where nothing could be read
     * @param same whether they hold what the input has, and nothing else
     * @param differences from what is required, for people; none is good
     */
    record Verdict(Map<String, Object> views, boolean same, List<String> differences) {}

    static ImportReport of(String name, Importer.Run run, Map<String, Long> rows, Verdict verdict) {
        Tally tally = run.tally();
        return new ImportReport(
                name,
                run.survey().commands(),
                run.took(),
                tally.accepted,
                tally.newlyAccepted,
                tally.replayed,
                tally.rejected,
                tally.failed,
                run.survey().skipped(),
                rows,
                verdict.views(),
                verdict.same(),
                failures(tally, verdict.differences()));
    }

    private static List<String> failures(Tally tally, List<String> differences) {
        List<String> failures = new ArrayList<>(differences);
        tally.failed.forEach((reason, count) ->
                failures.add("%,d commands failed (%s); they are in the dead letters".formatted(count, reason)));
        Long reused = tally.rejected.get(CommandResult.IDEMPOTENCY_KEY_REUSED);
        if (reused != null) {
            failures.add("%,d commands have the id of another command: the input has changed since an earlier import"
                    .formatted(reused));
        }
        return failures;
    }

    public double commandsPerSecond() {
        return took.isZero() ? 0 : commands * 1e9 / took.toNanos();
    }
}
