package dev.annals.engine.deciding;

/**
 * Whether the engine believes who asks for a command, as its headers {@code ce_authid} and {@code ce_authtype} say it.
 * Kafka tells nobody who wrote a record, so of those in a topic it is all of them or none.
 */
public enum ActorTrust {
    /** Nobody is asked who they are: what a command says is passed on as it came. */
    UNVERIFIED,
    /** Whoever hands over a command is believed, and whoever may write to its topic. */
    TOPICS,
    /** Whoever hands over a command is believed; what a record in the topic says is dropped. */
    CALLERS;

    public boolean isForTopics() {
        return this != CALLERS;
    }
}
