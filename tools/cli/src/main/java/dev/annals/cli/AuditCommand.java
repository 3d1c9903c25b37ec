package dev.annals.cli;

import dev.annals.operations.InstalledDomains;
import dev.annals.operations.audit.AuditTrail;
import dev.annals.operations.audit.AuditTrail.Act;
import dev.annals.operations.kafka.KafkaAccess;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code annals audit}: what operators have had done. */
@Command(
        name = "audit",
        description = {
            "Lists what was erased and passed over: when, by whom and why. The latest stand last.",
            "It is read from what these acts have left in the topics: skips stay, erasures until the broker's cleaner "
                    + "has removed their tombstones. Services write what comes over HTTP to their own audit logs."
        },
        footer = {
            "",
            "Example: annals audit --since 2026-12-01T00:00:00Z",
            "Reads the events of all types, from --since on, and all journals of processes.",
            "Exit code: 0 listed; 1 a topic can't be read; 2 wrong usage."
        })
final class AuditCommand extends KafkaCommand implements Runnable {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 10_000;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only what was done then or later, e.g. 2026-12-01T00:00:00Z")
    private @Nullable String since;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "" + DEFAULT_LIMIT,
            description = "The latest so many, up to " + MAX_LIMIT + " (default: " + DEFAULT_LIMIT + ")")
    private int limit;

    @Override
    public void run() {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw output.wrong("--limit %d: expected 1 to %d".formatted(limit, MAX_LIMIT));
        }
        Instant from = since();
        KafkaAccess access = kafka.accessToBrokers();
        output.announce(kafka.target());
        List<Act> acts =
                new AuditTrail(access, InstalledDomains.load(kafka.target().domainJars())).read(from, limit);
        output.print(
                acts.stream().map(AuditCommand::json).toList(),
                acts.isEmpty()
                        ? List.of("Nothing was erased or passed over.")
                        : Columns.of(
                                List.of("TIME", "WHO", "WHAT", "OF", "WHY"),
                                acts.stream().map(AuditCommand::row).toList()));
    }

    private @Nullable Instant since() {
        try {
            return since == null ? null : Instant.parse(since);
        } catch (DateTimeParseException e) {
            throw output.wrong("--since %s: expected a time such as 2026-12-01T00:00:00Z".formatted(since));
        }
    }

    private static List<String> row(Act act) {
        return List.of(act.time().toString(), act.actor(), act.action(), act.subject(), act.reason());
    }

    private static Map<String, Object> json(Act act) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("time", act.time().toString());
        json.put("actor", act.actor());
        json.put("actorType", act.actorType());
        json.put("action", act.action());
        json.put("subject", act.subject());
        json.put("reason", act.reason());
        json.put("place", act.place().toString());
        return json;
    }
}
