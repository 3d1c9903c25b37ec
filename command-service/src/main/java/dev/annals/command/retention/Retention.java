package dev.annals.command.retention;

import dev.annals.api.Summary;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.service.StartupException;
import java.time.Duration;

/**
 * How long the events of a type are kept.
 *
 * @param type of the aggregates
 * @param age from which on an event leaves, once there is a summary after it
 */
public record Retention(AggregateBinding<?, ?, ?> type, Duration age) {

    /** The setting is this and the type's name. */
    public static final String KEY = "annals.command.retention.";

    /**
     * A summary is asked for when an event that none covers has this share of the age. So an event stays for 1.1 times
     * the age at most, and a pass or two; and a stream has ten summaries in that time at most.
     */
    private static final int SUMMARIES_AN_AGE = 10;

    /** @throws StartupException if the type has no summaries */
    public Retention {
        String key = KEY + type.type().name();
        if (age.isNegative() || age.isZero()) {
            throw new StartupException("%s=%s: expected a duration above 0 such as P365D".formatted(key, age));
        }
        if (type.eventSchemas().stream().noneMatch(schema -> type.isSummary(schema.getFullName()))) {
            throw new StartupException(
                    "%s=%s: no event of %s implements %s, so nothing could stand for those that leave: add such an event, or remove the setting"
                            .formatted(key, age, type.type().name(), Summary.class.getName()));
        }
    }

    /** The age of the oldest event without a summary at which one is asked for. */
    Duration summaryAge() {
        return age.dividedBy(SUMMARIES_AN_AGE);
    }
}
