package dev.annals.operations.erase;

import dev.annals.engine.kafka.Topics;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.erase.Erasure.EventId;
import dev.annals.operations.erase.JournalErasure.Held;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * What is left of an event where it is erased, and until when: by the settings that topics have now. For one thread.
 */
public final class Remains {

    private final Topics topics;
    private final InstalledDomains domains;
    private final Map<String, Map<String, String>> settings = new HashMap<>();

    /**
     * A place where something of it is left.
     *
     * @param where a topic, or what holds it
     * @param what of it
     * @param until for people
     */
    public record Rest(String where, String what, String until) {}

    private Remains(Topics topics, InstalledDomains domains) {
        this.topics = topics;
        this.domains = domains;
    }

    /** @param held in journals of processes */
    public static List<Rest> of(KafkaAccess kafka, InstalledDomains domains, List<EventId> events, List<Held> held) {
        Remains remains = new Remains(kafka.topics(), domains);
        Set<String> types = new TreeSet<>(events.stream().map(EventId::type).toList());
        Set<String> processes = new TreeSet<>(held.stream().map(Held::process).toList());
        try (Broker broker = new Broker(kafka)) {
            remains.read(broker, types, processes);
        }
        return remains.list(types, processes);
    }

    private void read(Broker broker, Set<String> types, Set<String> processes) {
        Set<String> wanted = new TreeSet<>();
        for (String type : types) {
            wanted.addAll(List.of(
                    topics.events(type), topics.commands(type), topics.results(type), topics.deadLetters(type)));
        }
        processes.forEach(process -> wanted.add(topics.journal(process)));
        wanted.retainAll(broker.topics());
        List<ConfigResource> resources = wanted.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        broker.answer(broker.admin().describeConfigs(resources).all())
                .forEach((resource, config) -> settings.put(resource.name(), values(config)));
    }

    private static Map<String, String> values(Config config) {
        Map<String, String> values = new HashMap<>();
        for (ConfigEntry entry : config.entries()) {
            if (entry.value() != null) {
                values.put(entry.name(), entry.value());
            }
        }
        return values;
    }

    private List<Rest> list(Set<String> types, Set<String> processes) {
        List<Rest> rests = new ArrayList<>();
        for (String type : types) {
            compacted(rests, topics.events(type), "the event, on the brokers' disks");
            deleted(rests, topics.commands(type), "the command that led to it");
            deleted(rests, topics.results(type), "the result of that command");
            deleted(rests, topics.deadLetters(type), "commands that failed");
            rests.add(new Rest(
                    topics.states(type),
                    "the state of the aggregate, there and in stores of services",
                    "what the event did stays in it; a raised version() of the decider folds states anew"));
            domains.views().values().stream()
                    .filter(each -> each.own().type().name().equals(type))
                    .map(each -> each.view().name())
                    .sorted()
                    .forEach(view -> rests.add(
                            new Rest("rows of " + view, "what the event did", "until annals replay " + view)));
        }
        for (String process : processes) {
            compacted(rests, topics.journal(process), "entries of the journal, on the brokers' disks");
        }
        rests.add(new Rest("backups", "the event, in those that were made before", "until you delete them"));
        return rests;
    }

    /** Where there is no such topic, nothing is left. */
    private void deleted(List<Rest> rests, String topic, String what) {
        Map<String, String> set = settings.get(topic);
        if (set != null) {
            Duration kept = millis(set, TopicConfig.RETENTION_MS_CONFIG);
            rests.add(new Rest(
                    topic,
                    what,
                    kept == null
                            ? "for ever: %s is -1".formatted(TopicConfig.RETENTION_MS_CONFIG)
                            : "until %s after it was written, and the segment that holds it is closed"
                                    .formatted(text(kept))));
        }
    }

    private void compacted(List<Rest> rests, String topic, String what) {
        Map<String, String> set = settings.get(topic);
        if (set != null) {
            Duration latest = millis(set, TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG);
            rests.add(new Rest(
                    topic,
                    what,
                    latest == null
                            ? "until the cleaner comes, when %s of the log is new (%s); nothing says when that is"
                                    .formatted(
                                            set.get(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG),
                                            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG)
                            : "until the cleaner comes, at the latest %s from now (%s)"
                                    .formatted(text(latest), TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG)));
        }
    }

    /** Null for no limit. */
    private static @Nullable Duration millis(Map<String, String> set, String setting) {
        String value = set.get(setting);
        long millis = value == null ? -1 : Long.parseLong(value);
        return millis < 0 || millis == Long.MAX_VALUE ? null : Duration.ofMillis(millis);
    }

    private static String text(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + " d";
        }
        return duration.toHours() > 0 ? duration.toHours() + " h" : duration.toSeconds() + " s";
    }
}
