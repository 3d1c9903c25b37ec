package dev.annals.operations.topics;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.reacting.ProcessTopology;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.InstalledDomains.InstalledView;
import dev.annals.operations.OperationFailedException;
import dev.annals.service.TopicSettings;
import dev.annals.service.kafka.TopicSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/**
 * All topics of an installation, those of views and of Kafka Streams too, as its services would make them. Asks no
 * broker. Not among them are those of snapshots for time travel, which are off by default.
 *
 * @param settings as the services have them
 */
public record TopicPlan(Topics topics, TopicSettings settings, InstalledDomains domains) {

    /**
     * A topic to be made.
     *
     * @param replicationFactor null for the brokers' default
     * @param config what differs from the brokers' defaults, in the order of keys
     */
    public record PlannedTopic(
            String name, int partitions, @Nullable Integer replicationFactor, Map<String, String> config) {

        static PlannedTopic of(NewTopic topic) {
            Integer replicas = topic.replicationFactor() > 0 ? (int) topic.replicationFactor() : null;
            return new PlannedTopic(topic.name(), topic.numPartitions(), replicas, new TreeMap<>(topic.configs()));
        }
    }

    /** Those of a new installation: its views are in their first generation. */
    public List<PlannedTopic> all() {
        List<TopicSpec> specs = new ArrayList<>(TopicSpec.ofInstallation(
                topics,
                settings,
                List.copyOf(domains.types().keySet()),
                List.copyOf(domains.processes().keySet())));
        domains.processes().keySet().forEach(process -> {
            specs.add(TopicSpec.repartition(ProcessTopology.inputs(topics, process)));
            specs.add(changelog(ProcessTopology.changelog(topics, process)));
        });
        domains.views().values().forEach(view -> specs.addAll(ofView(view, ViewId.first(view.view()))));
        return planned(specs);
    }

    /**
     * Those of one generation of a view, which a replay wants before it begins.
     *
     * @throws OperationFailedException if there is no such view
     */
    public List<PlannedTopic> ofView(String name, int generation) {
        InstalledView view = domains.views().get(name);
        if (view == null) {
            throw new OperationFailedException("there is no view %s; there are: %s"
                    .formatted(name, String.join(", ", domains.views().keySet())));
        }
        return planned(ofView(view, new ViewId(name, generation)));
    }

    private List<TopicSpec> ofView(InstalledView view, ViewId id) {
        Collection<AggregateBinding<?, ?, ?>> types = domains.types().values();
        List<TopicSpec> specs = new ArrayList<>(List.of(TopicSpec.view(topics, id)));
        for (String name :
                ViewTopology.internalTopics(topics.prefix() + ViewTopology.applicationId(id), view.view(), types)) {
            specs.add(name.endsWith("-changelog") ? changelog(name) : TopicSpec.repartition(name));
        }
        return specs;
    }

    private static TopicSpec changelog(String name) {
        return TopicSpec.changelog(name, null);
    }

    private List<PlannedTopic> planned(List<TopicSpec> specs) {
        return specs.stream()
                .map(spec -> PlannedTopic.of(spec.toMake(settings)))
                .toList();
    }
}
