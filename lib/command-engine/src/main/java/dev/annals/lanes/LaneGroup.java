package dev.annals.lanes;

import dev.annals.engine.deciding.RecordDecider.Asked;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.DeadLetterRecord;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.CommandSkip;
import dev.annals.lanes.LaneQueue.Polled;
import dev.annals.lanes.MemberData.Shared;
import dev.annals.lanes.MemberData.Told;
import dev.annals.lanes.UnreadableRecords.Gap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This instance's member of the consumer group of a type: the fetch thread, which polls commands and hands them to
 * their lanes, and tells lanes whether they own, stand by or rest. A lane that has enough to do is paused.
 */
final class LaneGroup implements LaneEnvironment.Group, WorkLoop.Work, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LaneGroup.class);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int RECORDS_A_POLL = 1_000;

    /** For a lane to end the transaction under way. */
    private static final Duration RELEASE_LIMIT = Duration.ofSeconds(5);

    private static final Duration SESSION = Duration.ofSeconds(6);
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /** Also, and 5 s more, what is waited for an answer to joining: a connection that is half open gives none. */
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(15);

    /**
     * Where a command that is passed over lies ahead, one batch is fetched at a time and one record of it polled: so
     * nothing of that command is read, not even to count its bytes, which may be what nobody survives.
     */
    private static final Map<String, Object> ONE_BY_ONE = Map.of(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            1,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            1,
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
            1);

    /** Between two looks for what operators have said, and for whether that is done. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(8);

    /** Heartbeats come so much later than they should, at most. */
    private static final Duration SET_BACK = Duration.ofSeconds(2);

    /** How far ahead of this instance's clock a command's time is believed: clocks of machines differ. */
    private static final Duration MAX_AHEAD = Duration.ofMinutes(5);

    private final LaneLayout layout;
    private final String commands;
    private final PassedOver passedOver;
    private final UnreadableRecords unreadable;
    private final List<? extends Lane<?, ?, ?>> lanes;
    private final KafkaClients clients;
    private final Map<String, Object> settings;
    private final Supplier<Long> clock;
    private final Supplier<String> address;
    private final String groupId;
    private final WorkLoop loop;

    private volatile @Nullable ConsumerGroupMetadata metadata;
    private volatile Shared shared = Shared.NOTHING;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private volatile boolean joined;

    private final List<Admin> admins = new ArrayList<>(1);

    private final Set<Integer> paused = new HashSet<>(); // the thread's own
    private final Set<Integer> wasWarm = new HashSet<>();
    private @Nullable String corrected;
    private boolean oneByOne; // see ONE_BY_ONE
    private long nextLook; // as System.nanoTime
    private long ahead; // of the monotonic clock, at most so far, in milliseconds

    /**
     * @param lanes by their number
     * @param member of this instance for as long as it has its place: {@code group.instance.id}
     * @param address where other instances reach this one
     */
    LaneGroup(
            LaneLayout layout,
            Topics topics,
            String groupId,
            List<? extends Lane<?, ?, ?>> lanes,
            KafkaClients clients,
            String member,
            Supplier<String> address,
            int standbys,
            Supplier<Long> clock) {
        this.layout = layout;
        this.commands = topics.commands(layout.type());
        this.passedOver = new PassedOver(clients, topics, commands);
        this.unreadable = new UnreadableRecords(clients);
        this.groupId = groupId;
        this.lanes = lanes;
        this.clients = clients;
        this.clock = clock;
        this.address = address;
        this.settings = Map.ofEntries(
                Map.entry(ConsumerConfig.GROUP_ID_CONFIG, groupId),
                Map.entry(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member),
                Map.entry(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(LaneAssignor.class.getName())),
                Map.entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_A_POLL),
                Map.entry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION.toMillis()),
                Map.entry(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) HEARTBEAT.toMillis()),
                Map.entry(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) POLL_INTERVAL.toMillis()),
                Map.entry(
                        LaneAssignor.SETUP,
                        new LaneAssignor.Setup(
                                layout, commands, standbys, () -> new Told(address.get(), warm()), this::share)));
        this.loop = new WorkLoop("commands-" + layout.type(), this, FIRST_PAUSE, CLOSE_LIMIT);
    }

    void start() {
        loop.start();
    }

    @Override
    public ConsumerGroupMetadata metadata() {
        ConsumerGroupMetadata last = metadata;
        if (last == null) {
            throw new KafkaException("this instance is no member of group " + groupId);
        }
        return last;
    }

    @Override
    public Map<TopicPartition, Long> committed(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = answer(
                admin().listConsumerGroupOffsets(groupId, new ListConsumerGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata());
        Map<TopicPartition, Long> committed = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            if (offset != null && partitions.contains(partition)) {
                committed.put(partition, offset.offset());
            }
        });
        return committed;
    }

    @Override
    public long newest(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> newest = new HashMap<>();
        partitions.forEach(each -> newest.put(each, OffsetSpec.maxTimestamp()));
        return answer(admin().listOffsets(newest).all()).values().stream()
                .mapToLong(ListOffsetsResultInfo::timestamp)
                .filter(time -> time >= 0)
                .min()
                .orElse(0);
    }

    @Override
    public Set<TopicPartition> open(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> stable = ends(partitions, IsolationLevel.READ_COMMITTED);
        Set<TopicPartition> open = new HashSet<>();
        ends(partitions, IsolationLevel.READ_UNCOMMITTED).forEach((partition, end) -> {
            if (end > stable.getOrDefault(partition, 0L)) {
                open.add(partition);
            }
        });
        return open;
    }

    @Override
    public @Nullable CommandSkip passedOver(RecordPlace place) {
        return passedOver.of(place);
    }

    @Override
    public boolean owns(int lane) {
        String member = metadata().memberId();
        ConsumerGroupDescription group =
                answer(admin().describeConsumerGroups(List.of(groupId)).all()).get(groupId);
        return group != null
                && group.members().stream()
                        .filter(each -> each.consumerId().equals(member))
                        .anyMatch(each -> group.groupState() != GroupState.STABLE // which tells who has what
                                || each.assignment().topicPartitions().containsAll(partitions(lane)));
    }

    private Map<TopicPartition, Long> ends(Set<TopicPartition> partitions, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(each -> latest.put(each, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        answer(admin().listOffsets(latest, new ListOffsetsOptions(isolation)).all())
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /** Opened when it is first needed: some take-overs ask nothing of it. */
    private Admin admin() {
        synchronized (admins) {
            if (admins.isEmpty()) {
                admins.add(clients.admin());
            }
            return admins.getFirst();
        }
    }

    private <T> T answer(KafkaFuture<T> asked) {
        try {
            return asked.get(clients.limit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the brokers don't answer for group %s".formatted(groupId), e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** The address of a lane's owner; null if it is not known. */
    @Nullable
    String owner(int lane) {
        return shared.owners().get(lane);
    }

    /** What is wrong; null if nothing is. */
    @Nullable
    String trouble() {
        String trouble = loop.trouble();
        return !joined && trouble == null ? "not a member of the group %s yet".formatted(groupId) : trouble;
    }

    private Set<Integer> warm() {
        Set<Integer> warm = new TreeSet<>();
        lanes.forEach(lane -> {
            if (lane.isWarm()) {
                warm.add(lane.number());
            }
        });
        return warm;
    }

    private void share(Shared told) {
        shared = told;
    }

    @Override
    public void run() {
        passedOver.readAnew();
        oneByOne = isAnyAhead();
        try (Consumer<byte[], byte[]> member = clients.consumer(settings())) {
            consumer = member;
            ahead = ahead();
            nextLook = System.nanoTime() + LOOK.toNanos();
            member.subscribe(List.of(commands), new Moves(member));
            while (!loop.isClosed()) {
                requireNotSetBack();
                passOver(member);
                round(member);
                requireRoom(member);
                if (isLookDue()) {
                    lookWhileFailing();
                    if (oneByOne && !isAnyAhead()) {
                        releaseAll(); // what is not committed is polled again
                        return;
                    }
                }
            }
            leave(member);
        } finally {
            unreadable.close();
            consumer = null;
            joined = false;
        }
    }

    @Override
    public void failed(Throwable failure) {
        releaseAll();
    }

    @Override
    public void end() {
        synchronized (admins) {
            admins.forEach(Admin::close);
        }
    }

    @Override
    public void wake() {
        Consumer<byte[], byte[]> polling = consumer;
        if (polling != null) {
            polling.wakeup();
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> all = new HashMap<>(settings);
        if (oneByOne) {
            all.putAll(ONE_BY_ONE);
        }
        return all;
    }

    /** Whether a command that is passed over is not decided yet. */
    private boolean isAnyAhead() {
        List<RecordPlace> places = passedOver.places();
        if (places.isEmpty()) {
            return false;
        }
        Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
        places.forEach(each -> earliest.put(partition(each), OffsetSpec.earliest()));
        Map<TopicPartition, Long> committed = committed(earliest.keySet());
        Map<TopicPartition, ListOffsetsResultInfo> begins =
                answer(admin().listOffsets(earliest).all());
        return places.stream().anyMatch(each -> {
            long begin = Objects.requireNonNull(begins.get(partition(each))).offset();
            return each.offset() >= Math.max(begin, committed.getOrDefault(partition(each), 0L));
        });
    }

    private boolean isLookDue() {
        long now = System.nanoTime();
        boolean due = now - nextLook > 0;
        nextLook = due ? now + LOOK.toNanos() : nextLook;
        return due;
    }

    /** While a lane fails, an operator may have said that it passes over the command: it does when it tries again. */
    private void lookWhileFailing() {
        if (lanes.stream().anyMatch(Lane::isFailing)) {
            try {
                passedOver.readAnew();
            } catch (KafkaException e) {
                LOG.atDebug().addKeyValue("group", groupId).setCause(e).log("what operators have said is not known");
            }
        }
    }

    private static TopicPartition partition(RecordPlace place) {
        return new TopicPartition(place.topic(), place.partition());
    }

    /** Has lanes pass over what comes next without polling it: before each poll, and before one goes on to fetch. */
    private void passOver(Consumer<?, ?> member) {
        if (!oneByOne) {
            return;
        }
        for (RecordPlace each : passedOver.places()) {
            TopicPartition partition = partition(each);
            if (member.assignment().contains(partition) && member.position(partition) == each.offset()) {
                hand(
                        member,
                        layout.laneOf(each.partition()),
                        List.of(new ConsumerRecord<>(each.topic(), each.partition(), each.offset(), null, null)));
                member.seek(partition, each.offset() + 1);
            }
        }
    }

    /**
     * Kafka's clients count time by the wall clock: where that is set back, a member sends no heartbeat until it has
     * caught up, and does not learn that it is none any more. So it begins anew.
     */
    private void requireNotSetBack() {
        long now = ahead();
        if (now < ahead - SET_BACK.toMillis()) {
            throw new KafkaException("the clock of this machine was set back by %d s, so group %s is joined anew"
                    .formatted((ahead - now) / 1_000, groupId));
        }
        ahead = Math.max(ahead, now);
    }

    /** Leaves its lanes to others where one has no room here; as a standby it gets them back once there is. */
    private void requireRoom(Consumer<?, ?> member) {
        for (TopicPartition each : member.assignment()) {
            int lane = layout.laneOf(each.partition());
            if (lanes.get(lane).isWithoutRoom()) {
                leave(member);
                throw new KafkaException(
                        "lane %d has no room on this disk, so others may own what is owned here".formatted(lane));
            }
        }
    }

    private long ahead() {
        return clock.get() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void round(Consumer<byte[], byte[]> member) {
        ConsumerRecords<byte[], byte[]> polled;
        try {
            polled = member.poll(POLL);
        } catch (WakeupException e) { // by close
            return;
        } catch (KafkaException e) {
            if (!unreadable.begin(e, member)) {
                throw e;
            }
            return;
        }
        metadata = member.groupMetadata();
        loop.well();
        Map<Integer, List<ConsumerRecord<byte[], byte[]>>> byLane = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> each : polled) {
            byLane.computeIfAbsent(layout.laneOf(each.partition()), lane -> new ArrayList<>())
                    .add(each);
        }
        byLane.forEach((lane, records) -> hand(member, lane, records));
        unreadable.search(member, gap -> bury(member, gap));
        resume(member);
        moveIn(member);
    }

    private void hand(Consumer<?, ?> member, int lane, List<ConsumerRecord<byte[], byte[]>> records) {
        List<Polled.Command> batch = new ArrayList<>(records.size());
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        long bytes = 0;
        for (ConsumerRecord<byte[], byte[]> each : records) {
            Record<byte[], byte[]> record =
                    new Record<>(each.key(), each.value(), believed(each.timestamp()), each.headers());
            RecordPlace place = new RecordPlace(each.topic(), each.partition(), each.offset());
            boolean misrouted =
                    each.key() != null && AggregateIds.partition(each.key(), layout.partitions()) != each.partition();
            batch.add(new Polled.Command(
                    new Asked(record, place, place.toString(), misrouted), each.partition(), record.timestamp(), null));
            next.put(
                    new TopicPartition(each.topic(), each.partition()),
                    new OffsetAndMetadata(each.offset() + 1, each.leaderEpoch(), ""));
            bytes += DeadLetterRecord.size(record);
        }
        add(member, lane, new Polled(batch, next, bytes));
    }

    /** Has the lane leave one dead letter for all of them. */
    private void bury(Consumer<?, ?> member, Gap gap) {
        TopicPartition partition = gap.partition();
        LOG.atWarn()
                .addKeyValue("partition", partition)
                .addKeyValue("from", gap.from())
                .addKeyValue("to", gap.last())
                .addKeyValue("cause", gap.why())
                .log("commands that Kafka's client can't read are passed over");
        RecordPlace place = new RecordPlace(partition.topic(), partition.partition(), gap.from());
        Record<byte[], byte[]> nothing = new Record<>(null, null, clock.get());
        Polled.Command command = new Polled.Command(
                new Asked(nothing, place, place.toString(), false), partition.partition(), nothing.timestamp(), gap);
        Map<TopicPartition, OffsetAndMetadata> next = Map.of(partition, new OffsetAndMetadata(gap.next()));
        int lane = layout.laneOf(partition.partition());
        add(member, lane, new Polled(List.of(command), next, DeadLetterRecord.size(nothing)));
        member.seek(partition, gap.next());
        if (!paused.contains(lane)) {
            member.resume(List.of(partition));
        }
    }

    private void add(Consumer<?, ?> member, int lane, Polled batch) {
        if (!lanes.get(lane).queue().add(batch) && paused.add(lane)) {
            member.pause(partitions(lane));
        }
    }

    /** Where brokers do not stamp commands, it is whatever their senders say, or nothing. */
    private long believed(long time) {
        long now = clock.get();
        return time < 0 || time - now > MAX_AHEAD.toMillis() ? now : time;
    }

    private void resume(Consumer<?, ?> member) {
        paused.removeIf(lane -> {
            boolean room = lanes.get(lane).queue().hasRoom();
            if (room && member.assignment().containsAll(partitions(lane))) {
                member.resume(partitions(lane).stream()
                        .filter(each -> !unreadable.isSearched(each))
                        .toList());
            }
            return room;
        });
    }

    private List<TopicPartition> partitions(int lane) {
        return layout.partitionsOf(lane).stream()
                .map(partition -> new TopicPartition(commands, partition))
                .toList();
    }

    /**
     * Asks for lanes that wait for this instance to be warm, once it is. A static member that has come back is given
     * its place as it was, so others may know an address that it had before.
     */
    private void moveIn(Consumer<?, ?> member) {
        for (TopicPartition each : member.assignment()) {
            String told = shared.owners().get(layout.laneOf(each.partition()));
            if (told != null && !told.equals(address.get()) && !told.equals(corrected)) {
                corrected = told;
                member.enforceRebalance("its address is no longer " + told);
                return;
            }
        }
        for (int lane : shared.moving()) {
            if (lanes.get(lane).isWarm() && wasWarm.add(lane)) {
                member.enforceRebalance("warm for lane " + lane);
            }
        }
    }

    private final class Moves implements ConsumerRebalanceListener {

        private final Consumer<?, ?> member;

        Moves(Consumer<?, ?> member) {
            this.member = member;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            joined = true;
            metadata = member.groupMetadata();
            wasWarm.clear();
            Set<Integer> own = new HashSet<>();
            member.assignment().forEach(each -> own.add(layout.laneOf(each.partition())));
            for (Lane<?, ?, ?> lane : lanes) {
                if (own.contains(lane.number())) {
                    lane.own();
                } else {
                    CompletableFuture<Void> unused = lane.release(roleOf(lane.number()));
                }
            }
            passOver(member);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            release(revoked);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            release(lost);
        }
    }

    private Lane.Role roleOf(int lane) {
        return shared.standby().contains(lane) ? Lane.Role.STANDBY : Lane.Role.NONE;
    }

    private void release(Collection<TopicPartition> partitions) {
        Set<Integer> left = new HashSet<>();
        partitions.forEach(each -> left.add(layout.laneOf(each.partition())));
        List<CompletableFuture<Void>> releases = new ArrayList<>();
        left.forEach(lane -> {
            paused.remove(lane);
            releases.add(lanes.get(lane).release(Lane.Role.STANDBY));
        });
        await(releases);
    }

    private void releaseAll() {
        List<CompletableFuture<Void>> releases = new ArrayList<>();
        lanes.forEach(lane -> releases.add(lane.release(Lane.Role.STANDBY)));
        paused.clear();
        await(releases);
    }

    private void await(List<CompletableFuture<Void>> releases) {
        try {
            CompletableFuture.allOf(releases.toArray(CompletableFuture[]::new))
                    .get(RELEASE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The new owner fences it.
            LOG.atWarn().addKeyValue("group", groupId).log("a lane did not end its transaction in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An orderly end gives the lanes to others at once; a member that is static would keep its place. */
    private void leave(Consumer<?, ?> member) {
        releaseAll();
        member.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(RELEASE_LIMIT));
    }

    @Override
    public void close() {
        loop.close();
    }
}
