package dev.annals.cli.coldstart;

import dev.annals.cli.kafka.BrokerAnswers;
import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.cli.kafka.NoteTopic;
import dev.annals.engine.deciding.CommandTopology;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.notes.Generation;
import dev.annals.engine.notes.Generation.Status;
import dev.annals.engine.projecting.ViewTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Counts what services read that are started without their disk, by the offsets of the topics: transaction markers and what compaction has
 * left out count too, so it is the most that it can be. Every wait has a limit; one thread.
 */
final class ColdStart implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final KafkaAccess kafka;
    private final BrokerAnswers answers;
    private final Admin admin;

    /** What is read. */
    enum Kind {
        /** Restored as they are: states of deciders with the ids of their commands, and the stores of views. */
        STORES,
        ROWS,
        SNAPSHOTS,
        /** Each is decoded only when it is asked for. */
        EVENTS
    }

    /**
     * What one service reads of one topic.
     *
     * @param of the aggregate type or view
     * @param records at most
     */
    record Reading(String service, String of, Kind kind, String topic, long records) {}

    /** A topic that is read if it is there. */
    private record Source(String service, String of, Kind kind, Predicate<String> topic) {}

    ColdStart(KafkaAccess kafka) {
        this.kafka = kafka;
        this.answers = new BrokerAnswers(kafka, LIMIT);
        this.admin = kafka.newAdmin(LIMIT);
    }

    /**
     * Everything that is read, by all services together.
     *
     * @throws dev.annals.cli.client.CommandFailureException if the broker does not answer in time
     */
    List<Reading> readings(Collection<String> types) {
        List<Source> sources = new ArrayList<>();
        types.forEach(type -> sources.addAll(ofType(type)));
        new NoteTopic(kafka, LIMIT)
                .read().generations().all().stream()
                        .filter(each -> each.status() == Status.LIVE)
                        .forEach(live -> sources.addAll(ofView(live)));
        Set<String> existing = new TreeSet<>(answers.of(admin.listTopics().names()));
        List<Reading> readings = new ArrayList<>();
        for (Source source : sources) {
            List<String> found = existing.stream().filter(source.topic).toList();
            records(found)
                    .forEach((topic, records) ->
                            readings.add(new Reading(source.service, source.of, source.kind, topic, records)));
        }
        return readings;
    }

    private List<Source> ofType(String type) {
        Topics topics = kafka.topics();
        return List.of(
                new Source("command-service", type, Kind.STORES, CommandTopology.changelog(topics, type)::equals),
                new Source("query-service", type, Kind.EVENTS, topics.events(type)::equals),
                new Source("query-service", type, Kind.SNAPSHOTS, topics.snapshots(type)::equals));
    }

    private List<Source> ofView(Generation live) {
        String view = live.view().name();
        Pattern internal =
                ViewTopology.internalTopics(kafka.topics().prefix() + ViewTopology.applicationId(live.view()));
        return List.of(
                new Source(
                        "projector-service",
                        view,
                        Kind.STORES,
                        topic -> topic.endsWith("-changelog")
                                && internal.matcher(topic).matches()),
                new Source(
                        "query-service",
                        view,
                        Kind.ROWS,
                        kafka.topics().view(view, live.view().generation())::equals));
    }

    /** By topic; none if there are no topics. */
    private Map<String, Long> records(Collection<String> topics) {
        Map<TopicPartition, OffsetSpec> first = new HashMap<>();
        Map<TopicPartition, OffsetSpec> last = new HashMap<>();
        for (TopicDescription topic :
                answers.of(admin.describeTopics(topics).allTopicNames()).values()) {
            topic.partitions().forEach(partition -> {
                TopicPartition place = new TopicPartition(topic.name(), partition.partition());
                first.put(place, OffsetSpec.earliest());
                last.put(place, OffsetSpec.latest());
            });
        }
        Map<String, Long> records = new TreeMap<>();
        offsets(last).forEach((place, offset) -> records.merge(place.topic(), offset, Long::sum));
        offsets(first).forEach((place, offset) -> records.merge(place.topic(), -offset, Long::sum));
        return records;
    }

    private Map<TopicPartition, Long> offsets(Map<TopicPartition, OffsetSpec> wanted) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        answers.of(admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all())
                .forEach((place, found) -> offsets.put(place, found.offset()));
        return offsets;
    }

    @Override
    public void close() {
        admin.close(LIMIT);
    }
}
