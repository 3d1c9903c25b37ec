package dev.annals.lanes;

import dev.annals.lanes.LaneShares.Member;
import dev.annals.lanes.LaneShares.Share;
import dev.annals.lanes.MemberData.Shared;
import dev.annals.lanes.MemberData.Told;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's side of {@link LaneShares}, in the classic group protocol with cooperative rebalances: whoever keeps a lane
 * goes on with it, and one that moves is given up before it is given away. Kafka makes it, so what it needs stands in
 * the consumer's configuration.
 */
public final class LaneAssignor implements ConsumerPartitionAssignor, Configurable {

    /** In the consumer's configuration: a {@link Setup}. */
    static final String SETUP = "annals.lanes.setup";

    private @Nullable Setup setup;

    /**
     * @param layout of the type
     * @param commands topic
     * @param standbys how many members follow each lane beside its owner
     * @param told what this member says of itself
     * @param shared takes what it is told, in the thread that polls
     */
    record Setup(LaneLayout layout, String commands, int standbys, Supplier<Told> told, Consumer<Shared> shared) {}

    @Override
    public void configure(Map<String, ?> configs) {
        setup = (Setup) Objects.requireNonNull(configs.get(SETUP), SETUP);
    }

    private Setup setup() {
        return Objects.requireNonNull(setup, "configure comes first");
    }

    @Override
    public String name() {
        return "annals-lanes";
    }

    @Override
    public List<RebalanceProtocol> supportedProtocols() {
        return List.of(RebalanceProtocol.COOPERATIVE);
    }

    @Override
    public ByteBuffer subscriptionUserData(Set<String> topics) {
        return setup().told.get().encode();
    }

    @Override
    public GroupAssignment assign(Cluster metadata, GroupSubscription group) {
        Map<String, Subscription> subscriptions = new TreeMap<>(group.groupSubscription());
        Map<Integer, String> owners = owners(subscriptions);
        List<Member> members = new ArrayList<>();
        subscriptions.forEach((id, subscription) -> {
            Told told = Told.decode(subscription.userData());
            Set<Integer> owns = new TreeSet<>(owners.keySet());
            owns.removeIf(lane -> !id.equals(owners.get(lane)));
            members.add(new Member(id, told.address(), owns, told.warm()));
        });
        LaneShares shares = LaneShares.of(setup().layout.lanes(), members, setup().standbys);
        Map<String, Assignment> assignments = new HashMap<>();
        for (Share each : shares.members()) {
            Shared shared = new Shared(shares.addresses(), each.standby(), each.moving());
            assignments.put(each.member().id(), new Assignment(partitions(shares.ownedBy(each)), shared.encode()));
        }
        return new GroupAssignment(assignments);
    }

    /** Who has each lane now. Of two who say so, the one of the newer generation: the other missed that it lost it. */
    private Map<Integer, String> owners(Map<String, Subscription> subscriptions) {
        Map<Integer, String> owners = new TreeMap<>();
        Map<Integer, Integer> generations = new HashMap<>();
        subscriptions.forEach((id, subscription) -> {
            int generation = subscription.generationId().orElse(-1);
            for (TopicPartition each : subscription.ownedPartitions()) {
                if (each.topic().equals(setup().commands)
                        && each.partition() < setup().layout.partitions()) {
                    int lane = setup().layout.laneOf(each.partition());
                    if (generation > generations.getOrDefault(lane, Integer.MIN_VALUE)) {
                        generations.put(lane, generation);
                        owners.put(lane, id);
                    }
                }
            }
        });
        return owners;
    }

    private List<TopicPartition> partitions(List<Integer> lanes) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int lane : lanes) {
            for (int partition : setup().layout.partitionsOf(lane)) {
                partitions.add(new TopicPartition(setup().commands, partition));
            }
        }
        return partitions;
    }

    @Override
    public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
        setup().shared.accept(Shared.decode(assignment.userData()));
    }
}
