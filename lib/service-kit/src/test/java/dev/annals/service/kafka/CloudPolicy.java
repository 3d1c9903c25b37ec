package dev.annals.service.kafka;

import java.util.Map;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.CreateTopicPolicy;

/** A cloud's broker: it bounds the time that tombstones stay, and lets nobody say when its cleaner comes. */
public final class CloudPolicy implements CreateTopicPolicy {

    /** The setting of the broker with the bound, in milliseconds; 0: it can't be set at all. */
    static final String GREATEST = "test.delete.retention.ms.max";

    private long greatest;

    @Override
    public void configure(Map<String, ?> configs) {
        greatest = Long.parseLong(String.valueOf(configs.get(GREATEST)));
    }

    @Override
    public void validate(RequestMetadata request) {
        String kept = request.configs().get("delete.retention.ms");
        if (kept != null && (greatest == 0 || Long.parseLong(kept) > greatest)) {
            throw new PolicyViolationException(
                    "delete.retention.ms=%s exceeds the limit of %d".formatted(kept, greatest));
        }
        if (request.configs().containsKey("min.cleanable.dirty.ratio")) {
            throw new PolicyViolationException("min.cleanable.dirty.ratio can't be changed");
        }
    }

    @Override
    public void close() {}
}
