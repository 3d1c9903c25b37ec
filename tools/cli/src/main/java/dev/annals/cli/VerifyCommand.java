package dev.annals.cli;

import dev.annals.operations.InstalledDomains;
import dev.annals.operations.acls.OwnRights;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.verify.Comparison;
import dev.annals.operations.verify.TypeReport;
import dev.annals.operations.verify.Verification;
import dev.annals.operations.verify.Verification.ProcessReport;
import dev.annals.operations.verify.Verification.StateReport;
import dev.annals.operations.verify.Verification.Verified;
import dev.annals.operations.verify.Verification.ViewReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals verify}: proves that what is served equals what the events say. */
@Command(
        name = "verify",
        description = {
            "Proves that what is served is what the events say.",
            "Of a view: folds all its events anew, without any of its stores, and compares all rows with those that "
                    + "the query service serves: how many, a hash of each side, and the first differences.",
            "Of an aggregate type: reads all events, and says whether versions are complete, whether each command is "
                    + "there once with its events together, and whether the states of the command services are what "
                    + "the events say. Prints a hash of all events. A name of both means both.",
            "Of a process: folds its journals anew, says whether they are complete and each answer is that of a command "
                    + "that was sent, and compares each instance with the one that the query service serves."
        },
        footer = {
            "",
            "Example: annals verify country-sales",
            "Services may go on meanwhile: a row counts as different only if it stays so. Equal contents have equal "
                    + "hashes, also in another installation. Keeps a row for each key and each aggregate in memory.",
            "Exit code: 0 equal and right; 1 different, or it can't be compared; 2 wrong usage."
        })
final class VerifyCommand extends KafkaCommand implements Callable<Integer> {

    private static final int MAX_SETTLE_SECONDS = 3_600;
    private static final int MAX_DIFFERENCES = 10_000;

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "Of a view, a type or a process, for instance country-sales")
    private String name = "";

    @Option(
            names = "--settle",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long rows that differ may take to agree (default: ${DEFAULT-VALUE})")
    private int settleSeconds;

    @Option(
            names = "--differences",
            paramLabel = "N",
            defaultValue = "10",
            description = "Show the first so many, by key (default: ${DEFAULT-VALUE})")
    private int differences;

    @Option(
            names = "--ids-kept",
            paramLabel = "HOURS",
            defaultValue = "24",
            description =
                    "How long a command id keeps a repeat from taking effect, as the command service has it (default: ${DEFAULT-VALUE})")
    private int idsKeptHours;

    @Mixin
    private final QueryAddress queries = new QueryAddress();

    @Override
    public Integer call() {
        require("--settle", settleSeconds, MAX_SETTLE_SECONDS);
        require("--differences", differences, MAX_DIFFERENCES);
        require("--ids-kept", idsKeptHours, Integer.MAX_VALUE);
        InstalledDomains domains = InstalledDomains.load(kafka.target().domainJars());
        KafkaAccess access = kafka.access();
        new OwnRights(access, domains).requireFacts();
        Verified verified = new Verification(
                        access,
                        domains,
                        () -> queries.client(kafka.target()),
                        kafka.target().hint("views"),
                        new Verification.Limits(
                                Duration.ofSeconds(settleSeconds), differences, Duration.ofHours(idsKeptHours)))
                .run(name);
        output.print(json(verified), lines(verified));
        return verified.isEqual() ? 0 : 1;
    }

    private void require(String option, int value, int most) {
        if (value < 0 || value > most) {
            throw output.wrong("%s %d: expected 0 to %d".formatted(option, value, most));
        }
    }

    private static Map<String, @Nullable Object> json(Verified verified) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("equal", verified.isEqual());
        json.put("type", verified.type());
        json.put("states", verified.states() == null ? null : json(verified.states()));
        json.put("view", verified.view() == null ? null : json(verified.view()));
        json.put("process", verified.process() == null ? null : json(verified.process()));
        return json;
    }

    private static Map<String, Object> json(ProcessReport report) {
        Map<String, Object> json = json(report.instances(), "instances", "served");
        json.put("equal", report.isRight());
        json.put("journals", report.journals());
        json.put("unfoldable", report.unfoldable());
        return json;
    }

    private static Map<String, Object> json(StateReport report) {
        Map<String, Object> json = json(report.states(), "states", "held");
        json.put("ofOtherCode", report.ofOtherCode());
        json.put("unpublished", report.unpublished());
        return json;
    }

    private static Map<String, Object> json(ViewReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("view", report.view());
        json.put("generation", report.generation());
        json.put("events", report.events());
        json.putAll(json(report.rows(), "rows", "served"));
        json.put("remarks", report.remarks());
        return json;
    }

    private static Map<String, Object> json(Comparison comparison, String contents, String found) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("equal", comparison.isEqual());
        json.put("expected", json(comparison.expected(), contents));
        json.put(found, json(comparison.found(), contents));
        json.put("differing", comparison.differing());
        json.put("differences", comparison.differences());
        json.put("changedMeanwhile", comparison.changedMeanwhile());
        return json;
    }

    private static Map<String, Object> json(Comparison.Side side, String contents) {
        return Map.of(contents, side.count(), "hash", side.hash());
    }

    private static List<String> lines(Verified verified) {
        List<String> lines = new ArrayList<>();
        if (verified.type() != null) {
            add(lines, verified.type());
        }
        if (verified.states() != null) {
            add(lines, verified.states());
        }
        if (verified.view() != null) {
            add(lines, verified.view());
        }
        if (verified.process() != null) {
            add(lines, verified.process());
        }
        return lines;
    }

    private static void add(List<String> lines, TypeReport report) {
        lines.add("type %s: %s"
                .formatted(report.type(), report.isRight() ? "right" : counted("%,d FINDINGS", report.findingCount())));
        lines.add(counted(
                "  events    %,d of %,d aggregates, %,d erased, %,d expired",
                report.events(), report.aggregates(), report.erased(), report.expired()));
        lines.add("  hash      " + report.hash());
        report.findings().forEach(finding -> lines.add("  %s: %s".formatted(finding.key(), finding.text())));
        addMore(lines, report.findingCount() - report.findings().size());
    }

    private static void add(List<String> lines, StateReport report) {
        Comparison states = report.states();
        lines.add(counted(
                        "  states    %,d expected, %,d published by the command services: ",
                        states.expected().count(), states.found().count())
                + (states.isEqual() ? "equal" : counted("DIFFERENT in %,d", states.differing())));
        lines.add("  expected  " + states.expected().hash());
        lines.add("  held      " + states.found().hash());
        if (report.ofOtherCode() > 0) {
            lines.add(counted(
                    "  %,d states are of another version of the decider, and were not compared", report.ofOtherCode()));
        }
        if (report.unpublished() > 0) {
            lines.add(counted(
                    "  %,d aggregates have no published state yet: those that change are published once a minute",
                    report.unpublished()));
        }
        states.differences().forEach(difference -> lines.add("  " + difference.text("held")));
    }

    private static void add(List<String> lines, ViewReport report) {
        Comparison rows = report.rows();
        lines.add("view %s, generation %d: %s"
                .formatted(
                        report.view(),
                        report.generation(),
                        rows.isEqual() ? "equal" : counted("DIFFERENT in %,d rows", rows.differing())));
        lines.add(counted("  events    %,d folded", report.events()));
        lines.add(counted(
                "  rows      %,d expected, %,d served",
                rows.expected().count(), rows.found().count()));
        lines.add("  expected  " + rows.expected().hash());
        lines.add("  served    " + rows.found().hash());
        if (rows.changedMeanwhile() > 0) {
            lines.add(counted(
                    "  %,d rows changed while they were compared, and then agreed; the hashes are of no single moment",
                    rows.changedMeanwhile()));
        }
        report.remarks().forEach(remark -> lines.add("  " + remark));
        rows.differences().forEach(difference -> lines.add("  " + difference.text("served")));
        addMore(lines, rows.differing() - rows.differences().size());
    }

    private static void add(List<String> lines, ProcessReport report) {
        TypeReport journals = report.journals();
        Comparison instances = report.instances();
        long findings = journals.findingCount() + report.unfoldable().size();
        lines.add("process %s: %s"
                .formatted(journals.type(), report.isRight() ? "right" : counted("%,d FINDINGS", findings)));
        lines.add(counted(
                "  entries   %,d of %,d instances, %,d erased",
                journals.events(), journals.aggregates(), journals.erased()));
        lines.add("  hash      " + journals.hash());
        lines.add(counted(
                        "  instances %,d expected, %,d served: ",
                        instances.expected().count(), instances.found().count())
                + (instances.isEqual() ? "equal" : counted("DIFFERENT in %,d", instances.differing())));
        lines.add("  expected  " + instances.expected().hash());
        lines.add("  served    " + instances.found().hash());
        Stream.concat(journals.findings().stream(), report.unfoldable().stream())
                .forEach(finding -> lines.add("  %s: %s".formatted(finding.key(), finding.text())));
        addMore(lines, journals.findingCount() - journals.findings().size());
        instances.differences().forEach(difference -> lines.add("  " + difference.text("served")));
        addMore(lines, instances.differing() - instances.differences().size());
    }

    private static void addMore(List<String> lines, long more) {
        if (more > 0) {
            lines.add(counted("  and %,d more (--differences)", more));
        }
    }

    private static String counted(String format, long... counts) {
        return String.format(Locale.ROOT, format, LongStream.of(counts).boxed().toArray());
    }
}
