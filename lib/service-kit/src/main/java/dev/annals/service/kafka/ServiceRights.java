package dev.annals.service.kafka;

import dev.annals.api.AggregateType;
import dev.annals.api.JoinedView;
import dev.annals.api.View;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.engine.reacting.ProcessTopology;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.TopicSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * The rights that each service needs: one home for what services look for ({@link RightsCheck}) and what an operator is
 * told to give. As narrow as names allow: a topic, group or transactional id whose name is known is named, those of
 * generations and of Kafka Streams by what they begin with. What another right brings with it (Kafka takes
 * {@code WRITE} for {@code DESCRIBE}, too) is not asked for.
 *
 * @param topics the installation's names
 * @param settings say whether services may make topics
 * @param types all aggregate types of the installation
 * @param processes likewise
 * @param views likewise
 */
public record ServiceRights(
        Topics topics,
        TopicSettings settings,
        Collection<AggregateBinding<?, ?, ?>> types,
        Collection<ProcessBinding<?>> processes,
        Collection<OwnedView> views) {

    /** A view, and the type whose domain lists it. */
    public record OwnedView(AggregateType<?, ?, ?> own, View<?, ?> view) {}

    /** What goes with every reading of a topic's settings, which {@link ClusterRules} are about. */
    private static final AclOperation[] LOOK = {AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS};

    /** @throws dev.annals.service.StartupException if a process joins a type that is not there */
    public static ServiceRights of(ServiceConfig config, Domains domains) {
        List<AggregateBinding<?, ?, ?>> types = domains.aggregates().stream()
                .<AggregateBinding<?, ?, ?>>map(AggregateBinding::of)
                .toList();
        return new ServiceRights(
                config.topics(),
                config.topicSettings(),
                types,
                domains.processes(types),
                domains.views().stream()
                        .map(each -> new OwnedView(each.aggregate(), each.view()))
                        .toList());
    }

    /** The group and Streams application of a query service's table, without the installation's prefix. */
    public static String tableApplication(String table) {
        return "annals-query-" + table;
    }

    /** The consumer group of the command services that erase old events of a type. */
    public static String retentionGroup(Topics topics, String type) {
        return topics.prefix() + "annals-retention-" + type;
    }

    /** @param expiring types whose old events are erased */
    public List<Right> ofCommandService(Set<String> expiring) {
        Granted granted = new Granted().common();
        granted.topic(topics.views(), AclOperation.READ); // which commands operators have passed over
        for (String type : typeNames()) {
            granted.topic(topics.commands(type), AclOperation.READ, AclOperation.WRITE);
            granted.topic(topics.events(type), AclOperation.READ, AclOperation.WRITE);
            granted.topic(topics.results(type), AclOperation.READ, AclOperation.WRITE);
            granted.topic(topics.states(type), AclOperation.READ, AclOperation.WRITE);
            granted.topic(topics.deadLetters(type), AclOperation.READ, AclOperation.WRITE);
            granted.group(topics.commandGroup(type), AclOperation.READ);
            granted.transactions(topics.laneTransactions(type), PatternType.PREFIXED);
            if (expiring.contains(type)) {
                granted.group(retentionGroup(topics, type), AclOperation.READ);
            }
        }
        return granted.all();
    }

    public List<Right> ofProcessService() {
        Granted granted = new Granted().common();
        for (ProcessBinding<?> process : processes) {
            String name = process.name();
            process.followedTypes().forEach(type -> granted.topic(topics.events(type), AclOperation.READ));
            process.commandedTypes().forEach(type -> {
                granted.topic(topics.results(type), AclOperation.READ);
                granted.topic(topics.commands(type), AclOperation.WRITE);
            });
            granted.topic(topics.journal(name), AclOperation.READ, AclOperation.WRITE);
            granted.topic(topics.deadLetters(name), AclOperation.WRITE);
            granted.changelog(ProcessTopology.changelog(topics, name));
            granted.changelog(ProcessTopology.inputs(topics, name));
            granted.topic(ProcessTopology.inputs(topics, name), AclOperation.DELETE); // of what has been read
            granted.application(ProcessTopology.applicationId(name));
        }
        return granted.all();
    }

    public List<Right> ofProjector() {
        Granted granted = new Granted().common();
        granted.topic(topics.views(), AclOperation.READ, AclOperation.WRITE);
        granted.transactions(topics.views(), PatternType.LITERAL); // how the registry is changed
        for (OwnedView view : views) {
            folded(view).forEach(type -> granted.topic(topics.events(type), AclOperation.READ));
            granted.topics(
                    rows(view),
                    AclOperation.CREATE,
                    AclOperation.WRITE,
                    AclOperation.DELETE,
                    AclOperation.DESCRIBE_CONFIGS);
            granted.topics(
                    folds(view),
                    AclOperation.CREATE,
                    AclOperation.READ,
                    AclOperation.WRITE,
                    AclOperation.DELETE,
                    AclOperation.DESCRIBE_CONFIGS);
            granted.groups(folds(view), AclOperation.READ, AclOperation.DELETE);
            granted.transactions(folds(view), PatternType.PREFIXED);
        }
        return granted.all();
    }

    /** @param snapshots whether it keeps states of the past */
    public List<Right> ofQueryService(boolean snapshots) {
        Granted granted = new Granted().common();
        granted.topic(topics.views(), AclOperation.READ);
        Topics unprefixed = new Topics("");
        for (String type : typeNames()) {
            granted.topic(topics.events(type), AclOperation.READ);
            String table = topics.prefix() + tableApplication(unprefixed.events(type));
            if (snapshots) {
                granted.groups(table, AclOperation.READ);
                granted.topics(table + "-", AclOperation.CREATE, AclOperation.READ, AclOperation.WRITE);
            } else {
                granted.group(table, AclOperation.READ);
            }
        }
        for (ProcessBinding<?> process : processes) {
            granted.topic(topics.journal(process.name()), AclOperation.READ);
            granted.group(topics.prefix() + tableApplication(unprefixed.journal(process.name())), AclOperation.READ);
        }
        for (OwnedView view : views) {
            granted.topics(rows(view), AclOperation.READ);
            granted.groups(topics.prefix() + tableApplication(view.view().name() + ".view."), AclOperation.READ);
            granted.groups(folds(view), AclOperation.DESCRIBE); // how far the projector is
        }
        return granted.all();
    }

    /** Who sends commands to topics, and waits for their results. */
    public List<Right> ofImporter() {
        Granted granted = new Granted();
        for (String type : typeNames()) {
            granted.topic(topics.commands(type), AclOperation.WRITE);
            granted.topic(topics.results(type), AclOperation.READ);
        }
        return granted.all();
    }

    /**
     * Who runs the commands of {@code annals}: looks at everything, erases, has dead letters decided again, restores,
     * and examines the cluster under names of its own.
     */
    public List<Right> ofOperator() {
        Granted granted = new Granted().looking().makingTopics(List.of(TopicSpec.catalog(topics)));
        granted.topic(topics.views(), AclOperation.READ, AclOperation.WRITE);
        granted.transactions(topics.views(), PatternType.LITERAL);
        for (String type : typeNames()) {
            granted.makingTopics(TopicSpec.ofAggregate(topics, settings, type)); // to restore it
            granted.topic(topics.commands(type), AclOperation.READ, AclOperation.WRITE);
            granted.topic(topics.events(type), AclOperation.READ, AclOperation.WRITE);
            granted.topic(topics.results(type), AclOperation.READ);
            granted.topic(topics.deadLetters(type), AclOperation.READ);
            granted.topic(topics.states(type), AclOperation.READ);
            granted.group(topics.commandGroup(type), AclOperation.DESCRIBE);
        }
        for (ProcessBinding<?> process : processes) {
            granted.makingTopics(TopicSpec.ofProcess(topics, settings, process.name()));
            granted.topic(topics.journal(process.name()), AclOperation.READ, AclOperation.WRITE);
            granted.group(topics.prefix() + ProcessTopology.applicationId(process.name()), AclOperation.DESCRIBE);
        }
        for (OwnedView view : views) {
            granted.topics(rows(view), AclOperation.DESCRIBE);
            granted.groups(folds(view), AclOperation.DESCRIBE);
        }
        granted.groups(topics.prefix() + "annals-restore-", AclOperation.READ);
        granted.transactions(topics.prefix() + "annals-restore-", PatternType.PREFIXED);
        String doctor = topics.prefix() + "annals-doctor-";
        granted.topics(doctor, AclOperation.READ, AclOperation.WRITE, AclOperation.DELETE, AclOperation.ALTER_CONFIGS);
        granted.add(ResourceType.TOPIC, doctor, PatternType.PREFIXED, AclOperation.CREATE);
        granted.groups(doctor, AclOperation.READ, AclOperation.DELETE);
        granted.transactions(doctor, PatternType.PREFIXED);
        return granted.all();
    }

    /** What {@link #ofOperator} needs to see all that has happened, whatever it does with it. */
    public List<Right> ofFactsReader() {
        Granted granted = new Granted();
        granted.topic(topics.catalog(), AclOperation.READ);
        for (String type : typeNames()) {
            granted.topic(topics.events(type), AclOperation.READ);
            granted.topic(topics.states(type), AclOperation.READ);
        }
        processes.forEach(process -> granted.topic(topics.journal(process.name()), AclOperation.READ));
        return granted.all();
    }

    /** Who reads rows from their topics, in consumer groups whose names begin with {@code annals-reader}. */
    public List<Right> ofReader() {
        Granted granted = new Granted();
        views.forEach(view -> granted.topics(rows(view), AclOperation.READ));
        granted.groups(topics.prefix() + "annals-reader", AclOperation.READ);
        return granted.all();
    }

    private List<TopicSpec> ofInstallation() {
        return TopicSpec.ofInstallation(
                topics,
                settings,
                typeNames(),
                processes.stream().map(ProcessBinding::name).toList());
    }

    private List<String> typeNames() {
        return types.stream().map(binding -> binding.type().name()).toList();
    }

    private String rows(OwnedView view) {
        return topics.prefix() + view.view().name() + ".view.";
    }

    /** What the names of a view's groups, transactional ids and topics of Kafka Streams begin with. */
    private String folds(OwnedView view) {
        return topics.prefix() + ViewTopology.applicationIds(view.view().name());
    }

    private Set<String> folded(OwnedView view) {
        Set<Class<?>> read = Set.of(view.own().events());
        if (view.view() instanceof JoinedView<?> joined) {
            read = new HashSet<>();
            for (JoinedView.Side<?, ?, ?> side : joined.sides()) {
                read.add(side.events());
            }
        }
        Set<String> names = new TreeSet<>();
        for (AggregateBinding<?, ?, ?> type : types) {
            if (read.contains(type.type().events())) {
                names.add(type.type().name());
            }
        }
        return names;
    }

    /** Rights that are collected, each resource's together. */
    private final class Granted {

        private final Map<ResourcePattern, Set<AclOperation>> rights =
                new TreeMap<>(Comparator.comparing(at -> Right.of(AclOperation.DESCRIBE, at)));

        /** Every service makes what is missing of the installation's topics, records them, and looks at them. */
        Granted common() {
            return looking().makingTopics(ofInstallation());
        }

        /** At all topics of the installation, as {@link ClusterRules} want it; and records what it has made. */
        Granted looking() {
            ofInstallation().forEach(spec -> topic(spec.name(), LOOK));
            topic(topics.catalog(), AclOperation.READ, AclOperation.WRITE);
            return this;
        }

        Granted makingTopics(List<TopicSpec> specs) {
            specs.forEach(spec -> topic(spec.name(), AclOperation.CREATE));
            return this;
        }

        /** A topic that a Streams application has for itself. */
        void changelog(String name) {
            topic(name, AclOperation.CREATE, AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE_CONFIGS);
        }

        /** The group and the transactions of a Streams application, whose ids Streams makes. */
        void application(String id) {
            group(topics.prefix() + id, AclOperation.READ);
            transactions(topics.prefix() + id + "-", PatternType.PREFIXED);
        }

        void topic(String name, AclOperation... operations) {
            addTopic(name, PatternType.LITERAL, operations);
        }

        void topics(String prefix, AclOperation... operations) {
            addTopic(prefix, PatternType.PREFIXED, operations);
        }

        private void addTopic(String name, PatternType pattern, AclOperation... operations) {
            for (AclOperation each : operations) {
                if (each != AclOperation.CREATE || settings.create()) {
                    add(ResourceType.TOPIC, name, pattern, each);
                }
            }
        }

        void group(String name, AclOperation operation) {
            add(ResourceType.GROUP, name, PatternType.LITERAL, operation);
        }

        void groups(String prefix, AclOperation... operations) {
            for (AclOperation each : operations) {
                add(ResourceType.GROUP, prefix, PatternType.PREFIXED, each);
            }
        }

        void transactions(String name, PatternType pattern) {
            add(ResourceType.TRANSACTIONAL_ID, name, pattern, AclOperation.WRITE);
        }

        void add(ResourceType type, String name, PatternType pattern, AclOperation operation) {
            rights.computeIfAbsent(new ResourcePattern(type, name, pattern), any -> EnumSet.noneOf(AclOperation.class))
                    .add(operation);
        }

        /** Without what others bring with them. */
        List<Right> all() {
            List<Right> all = new ArrayList<>();
            rights.forEach((at, operations) -> {
                boolean described = operations.stream()
                        .anyMatch(each -> each != AclOperation.DESCRIBE
                                && Right.of(each, at).describes());
                boolean altered = operations.contains(AclOperation.ALTER_CONFIGS);
                for (AclOperation each : operations) {
                    if (!(each == AclOperation.DESCRIBE && described)
                            && !(each == AclOperation.DESCRIBE_CONFIGS && altered)) {
                        all.add(Right.of(each, at));
                    }
                }
            });
            return all;
        }
    }
}
