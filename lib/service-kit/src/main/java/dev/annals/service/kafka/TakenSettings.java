package dev.annals.service.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.PolicyViolationException;

/**
 * Finds which settings of a new topic the brokers take, where they refuse it as it should be: some clouds bound
 * {@code delete.retention.ms} or let nobody change {@code min.cleanable.dirty.ratio}. Asks with topics that are not
 * made. What a topic must keep its records by is never left out. At most {@link #MAX_QUESTIONS} a topic.
 */
final class TakenSettings {

    /** Without these a topic costs more disk or more copying, and keeps what it must keep. */
    private static final List<String> TUNING = List.of(
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
            TopicConfig.SEGMENT_BYTES_CONFIG,
            TopicConfig.SEGMENT_MS_CONFIG,
            TopicConfig.DELETE_RETENTION_MS_CONFIG);

    /** Of the greatest number that is taken. */
    private static final Duration PRECISION = Duration.ofDays(1);

    /** One a setting, and the halvings of a hundred years down to a day. */
    static final int MAX_QUESTIONS = 30;

    private final Admin admin;

    TakenSettings(Admin admin) {
        this.admin = admin;
    }

    /** Whether a refusal is of a topic's settings. */
    static boolean isRefusal(Throwable failure) {
        Throwable cause = Reachability.unwrapped(failure);
        return cause instanceof InvalidConfigurationException || cause instanceof PolicyViolationException;
    }

    /**
     * The settings of a topic without those that are refused, and with the greatest time for tombstones that is taken.
     *
     * @throws ExecutionException the refusal of what it can't do without, or of the brokers to answer
     */
    Map<String, String> of(NewTopic refused) throws ExecutionException, InterruptedException {
        Map<String, String> wanted = refused.configs();
        Map<String, String> taken = new HashMap<>(wanted);
        taken.keySet().removeAll(TUNING);
        ask(refused, taken);
        for (String key : TUNING) {
            String value = wanted.get(key);
            if (value == null) {
                continue;
            }
            if (isTaken(refused, taken, key, value)) {
                taken.put(key, value);
            } else if (key.equals(TopicConfig.DELETE_RETENTION_MS_CONFIG)) {
                long greatest = greatest(refused, taken, key, Long.parseLong(value));
                if (greatest > 0) {
                    taken.put(key, Long.toString(greatest));
                }
            }
        }
        return taken;
    }

    /** 0 where none is taken. */
    private long greatest(NewTopic topic, Map<String, String> taken, String key, long refused)
            throws ExecutionException, InterruptedException {
        long good = 0;
        long bad = refused;
        while (bad - good > PRECISION.toMillis()) {
            long middle = good + (bad - good) / 2;
            if (isTaken(topic, taken, key, Long.toString(middle))) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        return good;
    }

    private boolean isTaken(NewTopic topic, Map<String, String> taken, String key, String value)
            throws ExecutionException, InterruptedException {
        Map<String, String> more = new HashMap<>(taken);
        more.put(key, value);
        try {
            ask(topic, more);
            return true;
        } catch (ExecutionException e) {
            if (isRefusal(e)) {
                return false;
            }
            throw e;
        }
    }

    private void ask(NewTopic topic, Map<String, String> settings) throws ExecutionException, InterruptedException {
        NewTopic asked = new NewTopic(topic.name(), topic.numPartitions(), topic.replicationFactor()).configs(settings);
        var unused = admin.createTopics(List.of(asked), new CreateTopicsOptions().validateOnly(true))
                .all()
                .get();
    }
}
