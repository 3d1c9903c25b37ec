package dev.annals.lanes;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.BugLog;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.EventFold;
import dev.annals.engine.deciding.RecordDecider;
import dev.annals.engine.deciding.RecordDecider.Asked;
import dev.annals.engine.deciding.RecordDecider.Decided;
import dev.annals.engine.deciding.RecordDecider.Output;
import dev.annals.engine.deciding.RecordDecider.Target;
import dev.annals.engine.deciding.ResultReader;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.lanes.CommandEngine.Trial;
import dev.annals.lanes.LaneQueue.Polled;
import dev.annals.lanes.LaneQueue.Waiting;
import dev.annals.lanes.LaneQueue.Work;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
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
final class Lane<C, S extends java.lang.Record, E> implements AutoCloseable {

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

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);
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
    private final Thread thread;

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
    private volatile boolean closed;
    private volatile boolean deciding;
    private volatile boolean warm;
    private volatile @Nullable String trouble;
    private volatile CompletableFuture<Void> released = CompletableFuture.completedFuture(null);

    // The thread's own.
    private @Nullable LaneData<S> data;
    private @Nullable LaneTail<S> tail;
    private @Nullable Transaction undecided;
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
        this.clients = clients;
        this.bugs = bugs;
        this.eventsTopic = environment.topics().events(layout.type());
        this.resultsTopic = environment.topics().results(layout.type());
        this.logs = new HashSet<>();
        for (int partition : layout.partitionsOf(number)) {
            logs.add(new TopicPartition(eventsTopic, partition));
            logs.add(new TopicPartition(resultsTopic, partition));
        }
        this.thread = Thread.ofPlatform().daemon().name(name()).unstarted(this::run);
    }

    private String name() {
        return "lane-%s-%d".formatted(layout.type(), number);
    }

    void start() {
        thread.start();
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

    /** What is wrong; null if nothing is. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** The results of a command id that are committed here; {@link LaneMovedException} where the lane is not owned. */
    CompletableFuture<List<CommandResult>> find(String commandId) {
        return ask(decider -> data().memory().find(commandId, MAX_FOUND).stream()
                .map(decider::stored)
                .toList());
    }

    /** What a command would come to, by the state as it is between two transactions. */
    CompletableFuture<Trial> tryOut(Asked command) {
        return ask(decider -> {
            Decided decided = decider.decide(command, time);
            return new Trial(
                    decided.result(),
                    decided.outputs().stream()
                            .filter(each -> each.target() == Target.EVENTS)
                            .map(Output::record)
                            .toList());
        });
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
            wanted = Role.OWNER;
            wake();
        }
    }

    private void wake() {
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
        return !closed && wanted == Role.OWNER && queue.term() == ofTerm;
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!closed) {
            try {
                switch (wanted) {
                    case NONE -> rest();
                    case STANDBY -> standBy();
                    case OWNER -> ownUntilReleased();
                }
                trouble = null;
                pause = FIRST_PAUSE;
            } catch (InterruptedException e) {
                LOG.atDebug().addKeyValue("lane", name()).log("interrupted");
            } catch (Throwable e) { // nobody else would do this lane's work
                failed(e);
                sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
        end();
    }

    private void failed(Throwable failure) {
        String reason = String.valueOf(failure);
        if (!reason.equals(trouble)) {
            LOG.atWarn().addKeyValue("lane", name()).setCause(failure).log("the lane begins anew after a pause");
        }
        trouble = reason;
        warm = false;
        closeTail();
        if (failure instanceof LaneStoreException) {
            LOG.atWarn().addKeyValue("lane", name()).log("its store is deleted, and filled anew from the topics");
            forget();
            LaneStore.delete(folder());
        }
    }

    private void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            LOG.atDebug().addKeyValue("lane", name()).log("interrupted");
        }
    }

    private void rest() throws InterruptedException {
        warm = false;
        closeTail();
        flush();
        forget();
        while (!closed && wanted == Role.NONE) {
            giveUp();
            boolean unused = wakes.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void standBy() {
        giveUp();
        LaneTail<S> following = tail();
        Map<TopicPartition, Long> ends = following.ends();
        while (!closed && wanted == Role.STANDBY) {
            giveUp();
            warm = warm || following.isAt(ends);
            int unused = following.step(TICK);
            data().checkpointIfDue(time);
        }
    }

    private void ownUntilReleased() throws InterruptedException {
        int mine = queue.term();
        if (undecided != null && undecided.term() != mine) {
            giveUpUndecided(); // its commands from the topic are polled again
        }
        Producer<byte[], byte[]> producer = clients.producer(layout.transactionalId(number));
        try (RecordDecider<C, S, E> decider = decider()) {
            producer.initTransactions();
            settle(readToEnd(mine) > 0);
            trouble = null;
            LOG.atInfo().addKeyValue("lane", name()).log("decides");
            deciding = isOwner(mine);
            warm = true;
            while (isOwner(mine)) {
                round(producer, decider, mine);
            }
        } finally {
            deciding = false;
            refuseQuestions();
            producer.close(CLOSE_LIMIT);
        }
        giveUpUndecided();
        released.complete(null);
    }

    private RecordDecider<C, S, E> decider() {
        LaneMemory<S> here = data().memory();
        return new RecordDecider<>(
                binding,
                environment.topics(),
                environment.serdes(),
                environment.deciding(),
                here,
                here,
                bugs,
                environment.clock()::millis);
    }

    /** @return how many results came after those that were known here */
    private long readToEnd(int mine) {
        LaneTail<S> from = tail();
        Map<TopicPartition, Long> ends = from.ends();
        long found = 0;
        while (isOwner(mine) && !from.isAt(ends)) {
            found += from.step(TICK);
            data().checkpointIfDue(time);
        }
        time = Math.max(time, from.newest());
        closeTail();
        return found;
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
            before.answer();
            undecided = null;
        }
    }

    private boolean isCommitted(Map<TopicPartition, OffsetAndMetadata> next) {
        Map<TopicPartition, Long> committed = environment.group().committed(next.keySet());
        return next.entrySet().stream()
                .anyMatch(each -> committed.getOrDefault(each.getKey(), 0L)
                        >= each.getValue().offset());
    }

    private void round(Producer<byte[], byte[]> producer, RecordDecider<C, S, E> decider, int mine)
            throws InterruptedException {
        Transaction transaction = undecided;
        if (transaction == null) {
            Work work = queue.take(TICK, MAX_BATCHES, mine);
            transaction = work.isEmpty() ? null : Transaction.of(work, mine);
            undecided = transaction;
        }
        if (transaction != null && decide(transaction, producer, decider)) {
            undecided = null;
            transaction.answer();
        }
        answerQuestions(decider);
        data().checkpointIfDue(time);
    }

    /** @return whether it is committed; if not, it was aborted, and is decided again after a pause */
    private boolean decide(Transaction transaction, Producer<byte[], byte[]> producer, RecordDecider<C, S, E> decider) {
        LaneMemory<S> here = data().memory();
        Sent sent = new Sent();
        transaction.answers().clear();
        producer.beginTransaction();
        CompletableFuture<Void> offsets = sendOffsets(transaction, producer);
        try {
            decideAll(transaction, producer, decider, sent);
            offsets.join();
        } catch (RuntimeException e) {
            abort(here, producer, offsets, e);
            return false;
        }
        try {
            producer.commitTransaction();
        } catch (RuntimeException e) {
            here.rollback(); // whether it was committed, the log says
            throw e;
        }
        time = Math.max(time, sent.time());
        here.commit(time);
        sent.advance(data().positions());
        trouble = null;
        return true;
    }

    private void decideAll(
            Transaction transaction, Producer<byte[], byte[]> producer, RecordDecider<C, S, E> decider, Sent sent) {
        for (Polled batch : transaction.work().polled()) {
            for (Polled.Command command : batch.commands()) {
                time = Math.max(time, command.time());
                Decided unused = decide(command.asked(), command.partition(), producer, decider, sent);
            }
        }
        for (Waiting command : transaction.work().waiting()) {
            Decided decided = decide(command.asked(), command.partition(), producer, decider, sent);
            transaction.answers().add(decided.result());
        }
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
        String reason = String.valueOf(cause);
        if (!reason.equals(trouble)) {
            LOG.atWarn().addKeyValue("lane", name()).setCause(cause).log("a transaction is aborted, and tried again");
        }
        trouble = reason;
        sleep(FIRST_PAUSE);
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

    private Decided decide(
            Asked asked, int partition, Producer<byte[], byte[]> producer, RecordDecider<C, S, E> decider, Sent sent) {
        Decided decided = decider.decide(asked, time);
        for (Output output : decided.outputs()) {
            var unused = producer.send(record(output, partition), sent);
        }
        decided.commit().run();
        return decided;
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

    private LaneTail<S> tail() {
        LaneTail<S> opened = tail;
        if (opened == null) {
            Deserializer<Object> deserializer = environment.serdes().newDeserializer();
            opened = new LaneTail<>(
                    clients.tail(),
                    logs,
                    eventsTopic,
                    data().memory(),
                    data().positions(),
                    new EventFold<>(binding, deserializer),
                    new ResultReader(deserializer));
            tail = opened;
        }
        return opened;
    }

    private void closeTail() {
        if (tail != null) {
            tail.close();
            tail = null;
        }
    }

    private Path folder() {
        return environment.folder().resolve(layout.transactionalId(number));
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
        if (data != null) {
            data.close();
            data = null;
        }
    }

    /** Tells those who wait that this lane does not decide, and who released it that it may go on. */
    private void giveUp() {
        queue.takeWaiting().forEach(each -> each.caller().completeExceptionally(new LaneMovedException(name(), false)));
        giveUpUndecided();
        released.complete(null);
    }

    /** What was asked may have been decided. */
    private void giveUpUndecided() {
        Transaction unknown = undecided;
        undecided = null;
        if (unknown != null) {
            unknown.work()
                    .waiting()
                    .forEach(each -> each.caller().completeExceptionally(new LaneMovedException(name(), true)));
        }
    }

    private void end() {
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
        closed = true;
        wake();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            if (!thread.join(CLOSE_LIMIT)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
