package dev.annals.service.kafka;

import dev.annals.service.ClusterRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * Asks the brokers what the principal of a client may do, and says which rights it lacks. A refusal of Kafka names a
 * resource at best, and never the operation; and what may not be described looks like a topic that is not there.
 *
 * <p>Of what is not there yet only some can be known: whether it may be described, and whether it may be made. Where
 * the brokers do not say, nothing is missing. Changes nothing. Immutable.
 */
public final class RightsCheck {

    private static final AclOperation CREATE = AclOperation.CREATE;
    private static final short DEFAULT_REPLICAS = -1;

    /** Behind a prefix, it makes a name that stands for all. */
    private static final String ANY = "1";

    private final List<Right> wanted;

    /** @param wanted as {@link ServiceRights} says */
    public RightsCheck(Collection<Right> wanted) {
        this.wanted = wanted.stream().sorted().toList();
    }

    /**
     * The rights that are missing.
     *
     * @param unmade whether nothing is there yet that the right is for: without {@code CREATE} nothing can be
     */
    record Missing(Right right, boolean unmade) {

        /** Where it is there, a right to make it is wanted when there is another generation, if ever. */
        boolean severe() {
            return right.operation() != CREATE || unmade;
        }
    }

    /**
     * The rights that are missing, in their order, those to make topics that are there already included.
     *
     * @throws ExecutionException if the brokers don't answer
     */
    public List<Right> missing(Admin admin) throws ExecutionException, InterruptedException {
        return look(admin).stream().map(Missing::right).toList();
    }

    /** One finding for each right that is missing; throws as {@link #missing}. */
    List<ClusterFinding> find(Admin admin) throws ExecutionException, InterruptedException {
        return look(admin).stream()
                .map(each -> new ClusterFinding(
                        ClusterRule.RIGHTS,
                        each.severe(),
                        List.of(each.right().name()),
                        "may not %s: give this right to the service's principal (annals acls --print has all of them)%s"
                                .formatted(
                                        each.right(),
                                        each.right().operation() == CREATE
                                                ? ", or make the topic (annals topics --print) and set annals.topics.create=false"
                                                : "")))
                .toList();
    }

    private List<Missing> look(Admin admin) throws ExecutionException, InterruptedException {
        if (wanted.isEmpty()) {
            return List.of();
        }
        Set<String> topics = admin.listTopics().names().get();
        Set<Right> missing = new TreeSet<>();
        ofTopics(admin, topics, missing);
        ofGroups(admin, missing);
        ofTransactions(admin, missing);
        ofCreation(admin, topics, missing);
        List<Missing> all = new ArrayList<>();
        missing.forEach(right -> all.add(new Missing(right, topics.stream().noneMatch(right::isAt))));
        return all;
    }

    private List<Right> of(ResourceType type) {
        return wanted.stream().filter(right -> right.resource() == type).toList();
    }

    private void ofTopics(Admin admin, Set<String> there, Set<Right> to)
            throws ExecutionException, InterruptedException {
        Map<String, Set<Right>> asked = byName(
                of(ResourceType.TOPIC).stream()
                        .filter(right -> right.operation() != CREATE)
                        .toList(),
                there);
        var answers =
                admin.describeTopics(asked.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true));
        take(
                asked,
                answers.topicNameValues(),
                topic -> topic.authorizedOperations(),
                UnknownTopicOrPartitionException.class,
                to);
    }

    private void ofGroups(Admin admin, Set<Right> to) throws ExecutionException, InterruptedException {
        List<Right> rights = of(ResourceType.GROUP);
        if (rights.isEmpty()) {
            return;
        }
        Set<String> there = new TreeSet<>();
        var listed = refused(admin.listGroups().valid(), GroupIdNotFoundException.class)
                .value();
        if (listed != null) {
            listed.stream().map(GroupListing::groupId).forEach(there::add);
        }
        Map<String, Set<Right>> asked = byName(rights, there);
        var answers = admin.describeConsumerGroups(
                asked.keySet(), new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true));
        take(
                asked,
                answers.describedGroups(),
                group -> group.authorizedOperations(),
                GroupIdNotFoundException.class,
                to);
    }

    /** Brokers don't list what may be done with them; but who may not write may not describe one either. */
    private void ofTransactions(Admin admin, Set<Right> to) throws ExecutionException, InterruptedException {
        Map<String, Set<Right>> asked = byName(of(ResourceType.TRANSACTIONAL_ID), Set.of());
        var answers = admin.describeTransactions(asked.keySet());
        for (Map.Entry<String, Set<Right>> each : asked.entrySet()) {
            var unknown = refused(answers.description(each.getKey()), TransactionalIdNotFoundException.class);
            if (unknown.refused()) {
                to.addAll(each.getValue());
            }
        }
    }

    /** Of what is there it does not matter, but for the next generation. */
    private void ofCreation(Admin admin, Set<String> there, Set<Right> to)
            throws ExecutionException, InterruptedException {
        Map<String, Right> asked = new TreeMap<>();
        for (Right right : of(ResourceType.TOPIC)) {
            if (right.operation() == CREATE && (right.isPrefixed() || !there.contains(right.name()))) {
                asked.put(right.isPrefixed() ? right.name() + ANY : right.name(), right);
            }
        }
        var answers = admin.createTopics(
                asked.keySet().stream()
                        .map(name -> new NewTopic(name, 1, DEFAULT_REPLICAS))
                        .toList(),
                new CreateTopicsOptions().validateOnly(true));
        for (Map.Entry<String, KafkaFuture<Void>> each : answers.values().entrySet()) {
            if (refused(each.getValue(), ApiException.class).refused()) {
                to.add(asked.get(each.getKey()));
            }
        }
    }

    /** Rights by the names of what they are asked for: all that is there, or one that stands for what may come. */
    private static Map<String, Set<Right>> byName(List<Right> rights, Set<String> there) {
        Map<String, Set<Right>> byName = new TreeMap<>();
        for (Right right : rights) {
            List<String> names = there.stream().filter(right::isAt).toList();
            if (names.isEmpty()) {
                names = List.of(right.isPrefixed() ? right.name() + ANY : right.name());
            }
            names.forEach(name ->
                    byName.computeIfAbsent(name, any -> new LinkedHashSet<>()).add(right));
        }
        return byName;
    }

    private static <T> void take(
            Map<String, Set<Right>> asked,
            Map<String, KafkaFuture<T>> answers,
            Function<T, @Nullable Set<AclOperation>> operations,
            Class<? extends Exception> unknown,
            Set<Right> to)
            throws ExecutionException, InterruptedException {
        for (Map.Entry<String, Set<Right>> each : asked.entrySet()) {
            Answer<T> answer = refused(answers.get(each.getKey()), unknown);
            if (answer.refused()) {
                each.getValue().stream().filter(Right::describes).forEach(to::add);
            } else if (answer.value() != null) {
                Set<AclOperation> allowed = operations.apply(answer.value());
                each.getValue().stream()
                        .filter(right -> allowed != null && !allowed.contains(right.operation()))
                        .forEach(to::add);
            }
        }
    }

    /** @param value null where it is refused or there is none */
    private record Answer<T>(@Nullable T value, boolean refused) {}

    /**
     * The answer, or that there is none for want of a right.
     *
     * @param other refusals that say nothing of rights
     */
    private static <T> Answer<T> refused(@Nullable KafkaFuture<T> answer, Class<? extends Exception> other)
            throws ExecutionException, InterruptedException {
        if (answer == null) {
            return new Answer<>(null, false);
        }
        try {
            return new Answer<>(answer.get(), false);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return new Answer<>(null, true);
            }
            if (other.isInstance(e.getCause()) || e.getCause() instanceof UnsupportedVersionException) {
                return new Answer<>(null, false);
            }
            throw e;
        }
    }
}
