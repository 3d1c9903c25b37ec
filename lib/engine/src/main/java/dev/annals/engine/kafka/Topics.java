package dev.annals.engine.kafka;

import java.util.Objects;

/**
 * The topic catalogue of one installation.
 *
 * @param prefix put before every name, so that several installations share one cluster; empty for none
 */
public record Topics(String prefix) {

    public static final String PREFIX_KEY = "annals.topics.prefix";

    public Topics {
        Objects.requireNonNull(prefix, PREFIX_KEY);
        if (!prefix.matches("[A-Za-z0-9._-]{0,100}")) {
            throw new IllegalArgumentException(
                    "%s='%s': expected at most 100 characters of A-Z a-z 0-9 . _ -".formatted(PREFIX_KEY, prefix));
        }
    }

    /** Requests; key: aggregate id. */
    public String commands(String aggregateType) {
        return prefix + aggregateType + ".commands";
    }

    /** Facts, kept for ever; key: {@link EventKey}. */
    public String events(String aggregateType) {
        return prefix + aggregateType + ".events";
    }

    /** One result a command; key: aggregate id. */
    public String results(String aggregateType) {
        return prefix + aggregateType + ".results";
    }

    /** States as command services decide against them, from time to time; key: aggregate id. No type is called so. */
    public String states(String aggregateType) {
        return prefix + aggregateType + ".states";
    }

    /** What came to the instances of a process, and what they did; key: {@link EventKey} of instance and number. */
    public String journal(String process) {
        return prefix + process + ".journal";
    }

    /** What could not be read or handled, as received; of an aggregate type or a process. */
    public String deadLetters(String name) {
        return prefix + name + ".dead-letters";
    }

    /** What this installation must remember of its topics; key: aggregate type. No type's topic ends like this. */
    public String catalog() {
        return prefix + "annals.catalog";
    }

    /** The view registry; its keys see {@code dev.annals.engine.viewregistry}. */
    public String views() {
        return prefix + "annals.views";
    }

    /** The consumer group of the command services, which own the lanes of an aggregate type. */
    public String commandGroup(String aggregateType) {
        return prefix + "annals-command-" + aggregateType;
    }

    /** What the transactional ids of the lanes of an aggregate type begin with. */
    public String laneTransactions(String aggregateType) {
        return "%sannals-%s-".formatted(prefix, aggregateType);
    }

    /** The rows of one version of a view; key: view key. */
    public String view(String name, int version) {
        return prefix + name + ".view." + version;
    }
}
