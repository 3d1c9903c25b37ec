package dev.annals.service.kafka;

import org.jspecify.annotations.Nullable;

/**
 * A topic that an installation has, as it must be.
 *
 * @param spec of its configuration, what must stay is looked at: see {@link ClusterRules}
 * @param partitions with which it was made; null where that is not recorded
 * @param id of the topic whose events these are; null where that is not recorded
 * @param holdsFacts whether it must begin at its first record and never become shorter: events and journals
 */
public record ExpectedTopic(
        TopicSpec spec,
        @Nullable Integer partitions,
        @Nullable String id,
        boolean holdsFacts) {

    /** One of which nothing is recorded. */
    public static ExpectedTopic of(TopicSpec spec) {
        return new ExpectedTopic(spec, null, null, false);
    }

    public String name() {
        return spec.name();
    }
}
