package dev.annals.service;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a cluster must hold so that our promises do. An operator may accept that some of them are broken
 * ({@link TopicSettings#ACCEPTED}); without the others, histories would be wrong.
 */
public enum ClusterRule {
    /** Three copies of each topic, on three brokers or more. */
    REPLICATION(true),
    /** Nothing is acknowledged that is on one broker alone, on three brokers or more. */
    MIN_INSYNC_REPLICAS(true),
    /** No replica that lacks records becomes a leader. */
    UNCLEAN_ELECTION(true),
    /** Transactions as KIP-890 has them: a late marker never ends another transaction. */
    TRANSACTION_VERSION(true),
    /** An event topic begins at its first event. */
    RECORDS_DELETED(true),
    /** A topic keeps what it must keep, and compacts nothing that must not be compacted. */
    CLEANUP(false),
    /** Commands have the brokers' time. */
    TIMESTAMP_TYPE(false),
    /** A topic has the partitions that it was made with. */
    PARTITIONS(false),
    /** A topic is there. */
    TOPIC_MISSING(false),
    /** An event topic is the one that it was, not another one of its name. */
    TOPIC_REPLACED(false),
    /** A log does not become shorter. */
    TRUNCATED(false),
    /** A service may do what it must do. */
    RIGHTS(false);

    private final boolean acceptable;

    ClusterRule(boolean acceptable) {
        this.acceptable = acceptable;
    }

    /** As settings and reports have it: lower-case words joined by hyphens. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean isAcceptable() {
        return acceptable;
    }

    /** @throws StartupException if a code is none of a rule that may be accepted */
    static Set<ClusterRule> accepted(Set<String> codes) {
        Set<ClusterRule> accepted = EnumSet.noneOf(ClusterRule.class);
        for (String code : codes) {
            accepted.add(Arrays.stream(values())
                    .filter(rule -> rule.acceptable && rule.code().equals(code))
                    .findFirst()
                    .orElseThrow(() -> new StartupException("%s=%s: expected some of %s, with commas between"
                            .formatted(TopicSettings.ACCEPTED, code, acceptable()))));
        }
        return accepted;
    }

    private static String acceptable() {
        return Arrays.stream(values())
                .filter(ClusterRule::isAcceptable)
                .map(ClusterRule::code)
                .collect(Collectors.joining(", "));
    }
}
