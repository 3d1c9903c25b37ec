package dev.annals.lanes;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.BugLog;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.DedupEntry;
import dev.annals.engine.deciding.EventFold;
import dev.annals.engine.deciding.RecordDecider;
import dev.annals.engine.deciding.RecordDecider.Asked;
import dev.annals.engine.deciding.RecordDecider.Decided;
import dev.annals.engine.deciding.RecordDecider.Output;
import dev.annals.engine.deciding.RecordDecider.Target;
import dev.annals.engine.deciding.RecoveredCommands;
import dev.annals.engine.deciding.ResultReader;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.DiskSpace;
import dev.annals.engine.rebuilding.Rebuild.StoppedException;
import dev.annals.engine.viewregistry.CommandSkip;
import dev.annals.lanes.KeptResults.Kept;
import dev.annals.lanes.LaneQueue.Polled;
import dev.annals.lanes.LaneQueue.Waiting;
import dev.annals.lanes.LaneQueue.Work;
import dev.annals.lanes.UnreadableRecords.Gap;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane of one instance: a thread that owns its lane, stands by for it, or waits.
 *
 * <p>To own begins with {@code initTransactions}, which fences whoever owned it before and ends his open transaction;
 * only then are events and results read to their end, so nothing is missed, and nothing is waited for. From then on
 * everything that waits is decided in one transaction after the other. Where the outcome of one is not known, the lane
 * begins to own anew, and what the log says then is what callers are told.
 */
final class Lane<C, S extends java.lang.Record, E> implements WorkLoop.Work, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private static final int MAX_CALLERS = 4_000;
    private static final int MAX_QUESTIONS = 1_000;

    /** Results of one command id. */
    private static final int MAX_FOUND = 100;

    private static final long MAX_QUEUED_BYTES = 16L << 20;

    /** Polled batches in one transaction. */
    private static final int MAX_BATCHES = 4;

    /** Between two looks at what there is beside commands. */
    private static final Duration TICK = Duration.ofMillis(200);

    /** For a transaction of somebody else to end; brokers end them after a time. */
    private static final Duration OTHERS_LIMIT = Duration.ofSeconds(30);

    private static final Duration OTHERS_PAUSE = Duration.ofMillis(20);

    private static final Duration ASK_LIMIT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final AggregateBinding<C, S, E> binding;
    private final LaneLayout layout;
    private final int number;
    private final LaneEnvironment environment;
    private final LaneClients clients;
    private final BugLog bugs;
    private final LaneQueue queue = new LaneQueue(MAX_CALLERS, MAX_QUEUED_BYTES);
    private final Queue<Question<C, S, E, ?>> questions = new ArrayBlockingQueue<>(MAX_QUESTIONS);
    private final Semaphore wakes = new Semaphore(0);
    private final WorkLoop loop;

    private final Set<TopicPartition> logs;
    private final String eventsTopic;
    private final String resultsTopic;

    /** What the lane is to this instance. */
    enum Role {
        NONE,
        STANDBY,
        OWNER
    }

    private volatile Role wanted = Role.NONE;
    private volatile boolean deciding;
    private volatile boolean warm;
    private volatile boolean withoutRoom;
    private volatile CompletableFuture<Void> released = CompletableFuture.completedFuture(null);

    private final LongAdder direct = new LongAdder();
    private final LongAdder polled = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder deadLetters = new LongAdder();
    private final LongAdder transactions = new LongAdder();
    private final LongAdder commitNanos = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile long unread;

    // The thread's own.
    private final BrokersClock brokers;
    private @Nullable LaneData<S> data;
    private @Nullable RecordDecider<C, S, E> decider;
    private @Nullable LaneTail<S> tail;
    private @Nullable Transaction undecided;
    private int failedTerm = -1;
    private long time;

    Lane(
            AggregateBinding<C, S, E> binding,
            LaneLayout layout,
            int number,
            LaneEnvironment environment,
            LaneClients clients,
            BugLog bugs) {
        this.binding = binding;
        this.layout = layout;
        this.number = number;
        this.environment = environment;
        this.brokers = new BrokersClock(environment.clock());
        this.clients = clients;
        this.bugs = bugs;
        this.eventsTopic = environment.topics().events(layout.type());
        this.resultsTopic = environment.topics().results(layout.type());
        this.logs = new HashSet<>();
        for (int partition : layout.partitionsOf(number)) {
            logs.add(new TopicPartition(eventsTopic, partition));
            logs.add(new TopicPartition(resultsTopic, partition));
        }
        this.loop = new WorkLoop(name(), this, FIRST_PAUSE, CLOSE_LIMIT);
    }

    private String name() {
        return "lane-%s-%d".formatted(layout.type(), number);
    }

    void start() {
        loop.start();
    }

    LaneLayout layout() {
        return layout;
    }

    int number() {
        return number;
    }

    LaneQueue queue() {
        return queue;
    }

    /** Whether commands are decided here now. */
    boolean isDeciding() {
        return deciding;
    }

    /** Whether it has taken events and results to their end, so that it could decide at once. */
    boolean isWarm() {
        return warm;
    }

    /** Whether its store has no room on this instance's disk. */
    boolean isWithoutRoom() {
        return withoutRoom;
    }

    /** Why it does not do what it should; null if it does. */
    @Nullable
    String trouble() {
        String trouble = loop.trouble();
        return trouble == null && wanted == Role.OWNER && !deciding
                ? "is taken over: %d records are left to read".formatted(unread)
                : trouble;
    }

    /** Whether what it does fails, and is tried again. */
    boolean isFailing() {
        return loop.trouble() != null;
    }

    LaneCounts counts() {
        return new LaneCounts(
                direct.sum(),
                polled.sum(),
                events.sum(),
                deadLetters.sum(),
                transactions.sum(),
                commitNanos.sum(),
                failures.sum(),
                queue.callers(),
                unread);
    }

    /** The results of a command id that are committed here; {@link LaneMovedException} where the lane is not owned. */
    CompletableFuture<List<Kept>> find(String commandId, @Nullable String principal) {
        String name = environment.deciding().trust().nameOf(commandId, principal);
        return ask(decider -> data().memory().find(name, MAX_FOUND).stream()
                .map(kept -> new Kept(
                        decider.stored(kept),
                        Instant.ofEpochMilli(DedupEntry.decode(kept).decided())))
                .toList());
    }

    /** What a command would come to, by the state as it is between two transactions. */
    CompletableFuture<CommandAnswer> tryOut(Asked command) {
        return ask(decider -> {
            CommandAnswer answer = answer(decider.decide(command, time));
            if (answer == null) {
                throw Transaction.unreadable();
            }
            return answer;
        });
    }

    private static @Nullable CommandAnswer answer(Decided decided) {
        CommandResult result = decided.result();
        return result == null
                ? null
                : new CommandAnswer(
                        result,
                        decided.outputs().stream()
                                .filter(each -> each.target() == Target.EVENTS)
                                .map(Output::record)
                                .toList());
    }

    private <T> CompletableFuture<T> ask(Function<RecordDecider<C, S, E>, T> what) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (!deciding) {
            answer.completeExceptionally(new LaneMovedException(name(), false));
        } else if (!questions.offer(new Question<>(what, answer))) {
            answer.completeExceptionally(new EngineFullException(layout.type()));
        } else {
            queue.wake();
            if (!deciding) { // it may have looked for the last time
                refuseQuestions();
            }
        }
        return answer;
    }

    private void answerQuestions(RecordDecider<C, S, E> decider) {
        for (Question<C, S, E, ?> each = questions.poll(); each != null; each = questions.poll()) {
            each.answer(decider);
        }
    }

    private void refuseQuestions() {
        for (Question<C, S, E, ?> each = questions.poll(); each != null; each = questions.poll()) {
            each.answer.completeExceptionally(new LaneMovedException(name(), false));
        }
    }

    /** What is asked between two transactions, and changes nothing. */
    private record Question<C, S extends java.lang.Record, E, T>(
            Function<RecordDecider<C, S, E>, T> what, CompletableFuture<T> answer) {

        void answer(RecordDecider<C, S, E> decider) {
            try {
                answer.complete(what.apply(decider));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }
    }

    /** Owns the lane from now on, as soon as it can; by the thread that polls. */
    void own() {
        if (wanted != Role.OWNER) {
            queue.renew();
            withoutRoom = false; // it is tried anew
            wanted = Role.OWNER;
            wake();
        }
    }

    @Override
    public void wake() {
        wakes.drainPermits();
        wakes.release();
        queue.wake();
    }

    /**
     * Is no owner any more, when the transaction under way has ended; by the thread that polls. What it has polled is
     * forgotten at once, here: whoever owns the lane next polls it again, were it this instance.
     *
     * @param then standby, or none
     * @return done when nothing of this ownership will be written any more
     */
    CompletableFuture<Void> release(Role then) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (wanted == Role.OWNER) {
            released = done;
        } else {
            done.complete(null);
        }
        wanted = then;
        queue.renew();
        wake();
        return done;
    }

    private boolean isOwner(int ofTerm) {
        return !loop.isClosed() && wanted == Role.OWNER && queue.term() == ofTerm;
    }

    @Override
    public void run() throws InterruptedException {
        switch (wanted) {
            case NONE -> rest();
            case STANDBY -> standBy();
            case OWNER -> ownUntilReleased();
        }
    }

    @Override
    public void failed(Throwable failure) {
        failures.increment();
        failedTerm = queue.term();
        warm = false;
        closeTail();
        if (failure instanceof LaneStoreException) {
            forget();
            withoutRoom = DiskSpace.isShort(failure);
            if (!withoutRoom) {
                LOG.atWarn().addKeyValue("lane", name()).log("its store is deleted, and filled anew from the topics");
                LaneStore.delete(folder());
            }
        }
    }

    private void rest() throws InterruptedException {
        warm = false;
        closeTail();
        flush();
        forget();
        loop.well(); // what went wrong is somebody else's to do now
        while (!loop.isClosed() && wanted == Role.NONE) {
            giveUp();
            boolean unused = wakes.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void standBy() throws InterruptedException {
        giveUp();
        LaneTail<S> following = tail();
        Map<TopicPartition, Long> ends = following.ends();
        while (!loop.isClosed() && wanted == Role.STANDBY) {
            giveUp();
            if (!warm && following.isAt(ends)) {
                data().settle(following.events());
                warm = true;
                withoutRoom = false;
            }
            int unused = following.step(TICK);
            data().checkpointIfDue(time);
            loop.well();
        }
    }

    private void ownUntilReleased() throws InterruptedException {
        int mine = queue.term();
        if (undecided != null && undecided.term() != mine) {
            giveUpUndecided(); // its commands from the topic are polled again
        }
        requireOwnership(mine);
        Producer<byte[], byte[]> producer = clients.producer(layout.transactionalId(environment.topics(), number));
        try {
            producer.initTransactions();
            awaitOthers(mine);
            settle(readToEnd(mine) > 0);
            RecordDecider<C, S, E> decider = decider();
            StatePublisher states = publisher();
            loop.well();
            LOG.atInfo().addKeyValue("lane", name()).log("decides");
            deciding = isOwner(mine);
            warm = true;
            withoutRoom = false;
            while (isOwner(mine)) {
                round(producer, decider, states, mine);
            }
        } finally {
            deciding = false;
            refuseQuestions();
            producer.close(CLOSE_LIMIT);
        }
        giveUpUndecided();
        released.complete(null);
    }

    /**
     * Asks the group before it fences again: who has fenced this lane may be its owner, and this instance not know that
     * yet, while the answer to its joining is on the way. Two that fence each other in turns would decide nothing.
     */
    private void requireOwnership(int mine) {
        if (failedTerm == mine && !environment.group().owns(number)) {
            refuse(queue.takeWaiting(), false);
            giveUpUndecided();
            throw new KafkaException("the group of the commands has another owner for this lane");
        }
    }

    private RecordDecider<C, S, E> decider() {
        RecordDecider<C, S, E> opened = decider;
        if (opened == null) {
            LaneMemory<S> here = data().memory();
            opened = new RecordDecider<>(
                    binding,
                    environment.topics(),
                    environment.serdes(),
                    environment.deciding(),
                    here,
                    here,
                    bugs,
                    environment.clock()::millis);
            decider = opened;
        }
        return opened;
    }

    /**
     * Waits for open transactions of others than lanes, which nobody fences: of a release that decided in other
     * transactions, and can still commit what it has decided.
     */
    private void awaitOthers(int mine) throws InterruptedException {
        long deadline = System.nanoTime() + OTHERS_LIMIT.toNanos();
        Set<TopicPartition> open = environment.group().open(logs);
        while (isOwner(mine) && !open.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new KafkaException(
                        ("somebody else has a transaction open on %s; where none runs any more, it hangs:"
                                        + " kafka-transactions.sh finds it (find-hanging) and ends it (abort)")
                                .formatted(open));
            }
            Thread.sleep(OTHERS_PAUSE);
            open = environment.group().open(open);
        }
    }

    /** @return how many results came after those that were known here */
    private long readToEnd(int mine) throws InterruptedException {
        LaneTail<S> from = tail();
        Map<TopicPartition, Long> ends = from.ends();
        long found = 0;
        while (isOwner(mine) && !from.isAt(ends)) {
            found += from.step(TICK);
            unread = from.before(ends);
            data().checkpointIfDue(time);
        }
        unread = 0;
        time = Math.max(time, from.newest());
        if (isOwner(mine)) {
            data().settle(from.events());
        }
        closeTail();
        return found;
    }

    private StatePublisher publisher() {
        return new StatePublisher(
                data().store(),
                layout,
                environment.topics().states(layout.type()),
                eventsTopic,
                environment.deciding().maxRecordBytes(),
                environment.publishStatesEvery());
    }

    /**
     * What became of the transaction whose outcome was not known: where it had commands from the topic, the offsets
     * that were committed with it say so, and else its results.
     */
    private void settle(boolean hasResults) {
        Transaction before = undecided;
        if (before == null) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> next = before.work().next();
        boolean committed = next.isEmpty() ? hasResults : isCommitted(next);
        if (committed) {
            tell(before::answer);
            undecided = null;
        }
    }

    private boolean isCommitted(Map<TopicPartition, OffsetAndMetadata> next) {
        Map<TopicPartition, Long> committed = environment.group().committed(next.keySet());
        return next.entrySet().stream()
                .anyMatch(each -> committed.getOrDefault(each.getKey(), 0L)
                        >= each.getValue().offset());
    }

    private void round(
            Producer<byte[], byte[]> producer, RecordDecider<C, S, E> decider, StatePublisher states, int mine)
            throws InterruptedException {
        Transaction transaction = undecided;
        if (transaction == null) {
            Work work = queue.take(TICK, MAX_BATCHES, mine);
            transaction = work.isEmpty() && !states.isDue() ? null : Transaction.of(work, mine);
            undecided = transaction;
        }
        if (transaction != null && decide(transaction, producer, decider, states)) {
            undecided = null;
            tell(transaction::answer);
        }
        answerQuestions(decider);
        data().checkpointIfDue(time);
    }

    /** @return whether it is committed; if not, it was aborted, and is decided again after a pause */
    private boolean decide(
            Transaction transaction,
            Producer<byte[], byte[]> producer,
            RecordDecider<C, S, E> decider,
            StatePublisher states) {
        LaneMemory<S> here = data().memory();
        Sent sent = new Sent();
        transaction.answers().clear();
        producer.beginTransaction();
        CompletableFuture<Void> offsets = sendOffsets(transaction, producer);
        try {
            decideAll(transaction, producer, decider, sent);
            states.next().forEach(each -> send(producer, each, null));
            producer.flush(); // while the offsets wait for the markers
            offsets.join();
        } catch (RuntimeException e) {
            states.aborted();
            abort(here, producer, offsets, e);
            return false;
        }
        requireNoLoss(sent, here, producer);
        long committing = System.nanoTime();
        try {
            producer.commitTransaction();
        } catch (RuntimeException e) {
            here.rollback(); // whether it was committed, the log says
            heed(e);
            throw e;
        }
        time = Math.max(time, sent.time());
        if (sent.stamp() > 0) {
            brokers.stamped(sent.stamp());
        }
        here.commit(time);
        here.published(states.committed());
        sent.advance(data().positions());
        loop.well();
        commitNanos.add(System.nanoTime() - committing);
        transactions.increment();
        events.add(sent.count(Target.EVENTS));
        deadLetters.add(sent.count(Target.DEAD_LETTERS));
        direct.add(transaction.work().waiting().size());
        transaction.work().polled().forEach(each -> polled.add(each.commands().size()));
        return true;
    }

    /**
     * A leader that was not in sync takes what is sent as if nothing was missing, since each transaction has an epoch
     * of its own: only where it stands tells. Has the lane begin anew, which then says what is lost.
     */
    private void requireNoLoss(Sent sent, LaneMemory<S> here, Producer<byte[], byte[]> producer) {
        TopicPartition shortened = sent.shortened(data().positions());
        if (shortened != null) {
            here.rollback();
            producer.abortTransaction();
            throw new StoppedException(
                    "%s has lost its end, and takes what comes now before it".formatted(shortened), null);
        }
    }

    private void decideAll(
            Transaction transaction, Producer<byte[], byte[]> producer, RecordDecider<C, S, E> decider, Sent sent) {
        for (Polled batch : transaction.work().polled()) {
            for (Polled.Command command : batch.commands()) {
                time = Math.max(time, command.time());
                Decided decided = decide(command, decider);
                publish(decided, command.partition(), producer, sent);
            }
        }
        for (Waiting command : transaction.work().waiting()) {
            Asked asked = dated(command.asked());
            Decided decided = decider.decide(asked, time);
            publish(decided, command.partition(), producer, sent);
            transaction.answers().add(answer(decided));
        }
    }

    private Asked dated(Asked asked) {
        long now = brokers.believed(asked.record().timestamp());
        return now == asked.record().timestamp()
                ? asked
                : new Asked(asked.record().withTimestamp(now), asked.place(), asked.resultId(), asked.misrouted());
    }

    /** What can't be aborted has the lane begin to own anew. */
    private void abort(
            LaneMemory<S> here,
            Producer<byte[], byte[]> producer,
            CompletableFuture<Void> offsets,
            RuntimeException failure) {
        here.rollback();
        offsets.exceptionally(other -> null).join();
        producer.abortTransaction();
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        heed(cause);
        failures.increment();
        loop.trouble(cause, "a transaction is aborted, and tried again");
        loop.sleep(FIRST_PAUSE);
    }

    /** Brokers take no event from the future: a sender's clock, or this one's, is ahead of theirs. */
    private void heed(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidTimestampException) {
                brokers.refused(time);
            }
        }
    }

    /** They wait for the markers of the transaction before: meanwhile the lane decides. */
    private CompletableFuture<Void> sendOffsets(Transaction transaction, Producer<byte[], byte[]> producer) {
        return transaction.work().polled().isEmpty()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(
                        () -> producer.sendOffsetsToTransaction(
                                transaction.work().next(), membership(transaction.term())),
                        environment.background());
    }

    /**
     * Fences who is no member any more; and by the term whoever was one meanwhile again, since the same commands are
     * polled anew then. So the term is looked at after the membership is taken.
     */
    private ConsumerGroupMetadata membership(int term) {
        ConsumerGroupMetadata membership = environment.group().metadata();
        if (!isOwner(term)) {
            throw new LaneMovedException(name(), false);
        }
        return membership;
    }

    private Decided decide(Polled.Command command, RecordDecider<C, S, E> decider) {
        Asked asked = command.asked();
        Gap unreadable = command.unreadable();
        if (unreadable != null) {
            return decider.bury(asked, unreadable.last(), unreadable.message());
        }
        CommandSkip skip = asked.place() == null ? null : environment.group().passedOver(asked.place());
        return skip == null ? decider.decide(asked, time) : decider.passOver(asked, skip);
    }

    private void publish(Decided decided, int partition, Producer<byte[], byte[]> producer, Sent sent) {
        for (Output output : decided.outputs()) {
            Record<byte[], byte[]> written = output.record();
            send(producer, record(output, partition), sent.record(output.target(), written));
        }
        decided.commit().run();
    }

    private static void send(
            Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record, @Nullable Callback sent) {
        var unused = producer.send(record, sent); // a failure fails the commit
    }

    private ProducerRecord<byte[], byte[]> record(Output output, int partition) {
        Record<byte[], byte[]> record = output.record();
        return switch (output.target()) {
            case EVENTS -> record(eventsTopic, partition, record);
            case RESULTS -> record(resultsTopic, partition, record);
            case DEAD_LETTERS -> record(environment.topics().deadLetters(layout.type()), null, record);
            case COMMANDS ->
                record(
                        environment.topics().commands(layout.type()),
                        AggregateIds.partition(record.key(), layout.partitions()),
                        record);
        };
    }

    private static ProducerRecord<byte[], byte[]> record(
            String topic, @Nullable Integer partition, Record<byte[], byte[]> record) {
        return new ProducerRecord<>(
                topic, partition, record.timestamp(), record.key(), record.value(), record.headers());
    }

    /** @throws InterruptedException where this instance needs no tail any more */
    private LaneTail<S> tail() throws InterruptedException {
        LaneTail<S> opened = tail;
        if (opened == null) {
            opened = openTail(clients.tail());
            tail = opened;
        }
        return opened;
    }

    private LaneTail<S> openTail(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        try {
            boolean whole = data().restoreStates(
                            consumer,
                            layout.type(),
                            Set.copyOf(layout.partitionsOf(number)),
                            () -> !loop.isClosed() && wanted != Role.NONE);
            if (!whole) {
                throw new InterruptedException("nobody needs the states any more");
            }
            awaitMarkers(consumer);
            Deserializer<Object> deserializer = decider().deserializer();
            return new LaneTail<>(
                    consumer,
                    logs,
                    layout.type(),
                    eventsTopic,
                    resultsTopic,
                    data().memory(),
                    data().positions(),
                    new EventFold<>(binding, deserializer),
                    new ResultReader(deserializer),
                    environment.deciding().trust(),
                    recovered());
        } catch (RuntimeException | InterruptedException e) {
            consumer.close();
            throw e;
        }
    }

    /**
     * Who stands by right after he was the owner knows of what his last transaction wrote before its markers are
     * written: until then it looks as if the logs had lost it.
     */
    private void awaitMarkers(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        consumer.assign(logs); // else it warns of each partition that it is asked about
        Set<TopicPartition> behind = behind(consumer);
        while (!loop.isClosed()
                && wanted != Role.NONE
                && !behind.isEmpty()
                && !environment.group().open(behind).isEmpty()) {
            Thread.sleep(OTHERS_PAUSE);
            behind = behind(consumer);
        }
    }

    /** Logs of which less may be read than is known here. */
    private Set<TopicPartition> behind(Consumer<byte[], byte[]> consumer) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(logs, ASK_LIMIT);
        Set<TopicPartition> behind = new HashSet<>(logs);
        behind.removeIf(each -> data().positions().next(each) <= ends.getOrDefault(each, 0L));
        return behind;
    }

    /** Null where the ids of all commands are here. */
    private @Nullable RecoveredCommands recovered() {
        if (!data().store().isRecovering()) {
            return null;
        }
        RecoveredCommands recovered = new RecoveredCommands(
                layout.type(),
                data().memory().fromLog(),
                decider().results(),
                environment.deciding().trust(),
                environment.deciding().retention(),
                environment.clock()::millis);
        Set<TopicPartition> events = new HashSet<>(logs);
        events.removeIf(each -> !each.topic().equals(eventsTopic));
        recovered.begin(environment.group().newest(events));
        return recovered;
    }

    private void closeTail() {
        if (tail != null) {
            tail.close();
            tail = null;
        }
    }

    private Path folder() {
        return environment.folder().resolve("%s-%d".formatted(layout.type(), number));
    }

    private LaneData<S> data() {
        LaneData<S> opened = data;
        if (opened == null) {
            opened = LaneData.open(binding.type(), logs, folder(), environment);
            data = opened;
        }
        return opened;
    }

    private void flush() {
        if (data != null) {
            data.flush();
        }
    }

    private void forget() {
        if (decider != null) {
            decider.close();
            decider = null;
        }
        if (data != null) {
            data.close();
            data = null;
        }
    }

    /** Tells those who wait that this lane does not decide, and who released it that it may go on. */
    private void giveUp() {
        refuse(queue.takeWaiting(), false);
        giveUpUndecided();
        released.complete(null);
    }

    /** What was asked may have been decided. */
    private void giveUpUndecided() {
        Transaction unknown = undecided;
        undecided = null;
        if (unknown != null) {
            refuse(unknown.work().waiting(), true);
        }
    }

    private void refuse(List<Waiting> callers, boolean mayBeDecided) {
        if (!callers.isEmpty()) {
            tell(() -> callers.forEach(
                    each -> each.caller().completeExceptionally(new LaneMovedException(name(), mayBeDecided))));
        }
    }

    /** Callers' code runs with their answers, and may write to a slow client or to Kafka: the lane waits for none. */
    private void tell(Runnable answers) {
        try {
            environment.background().execute(answers);
        } catch (RejectedExecutionException e) {
            answers.run(); // the engine is closed
        }
    }

    @Override
    public void end() {
        try {
            closeTail();
            flush();
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("lane", name())
                    .setCause(e)
                    .log("not all is on disk; the next start reads it again");
        } finally {
            forget();
            giveUp();
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
