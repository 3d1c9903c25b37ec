package dev.annals.lanes;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.ActorTrust;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import dev.annals.lanes.Peers.Request;
import dev.annals.lanes.ResultFollower.Followed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Has commands decided: here, where their aggregate lives on this instance, by the instance that owns it, one hop away,
 * and else through their topic, where whoever owns it takes them. A command that was handed to an owner who does not
 * answer in time goes to the topic too, under the same id, so it is decided once.
 *
 * <p>Thread-safe and non-blocking, but for the brokers' metadata and a full buffer of the producer, which block for at
 * most {@link #BLOCKING_LIMIT}, and a schema that the registry is asked for. Stages are completed by threads that
 * decide nothing, one after the other of those that were decided together: what takes its time goes elsewhere.
 */
public final class CommandGateway implements AutoCloseable {

    /**
     * After this without Kafka, a command counts as not sent. It may still have arrived: repeat it under the same id.
     */
    public static final Duration DELIVERY_LIMIT = Duration.ofSeconds(8);

    public static final Duration BLOCKING_LIMIT = Duration.ofSeconds(3);

    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

    private static final TimeBasedEpochGenerator NEW_IDS = Generators.timeBasedEpochGenerator();

    /** For an owner to answer: a lane decides within milliseconds, or something is wrong. Then the topic is as good. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final CommandEngine engine;
    private final Peers peers;
    private final Topics topics;
    private final CommandWriter writer;
    private final Producer<byte[], byte[]> producer;
    private final ResultFollower results;
    private final Semaphore places;
    private final Map<Long, CompletableFuture<?>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong sent = new AtomicLong();
    private final int limit;
    private volatile boolean stopping;

    /**
     * @param peers reaches the other instances
     * @param kafka settings of the brokers
     * @param source a URI reference that says who sends, for instance {@code /shop/checkout}
     * @param maxInFlight the most commands at a time that this gateway has accepted and not answered
     */
    public CommandGateway(
            CommandEngine engine,
            Peers peers,
            Map<String, Object> kafka,
            Topics topics,
            AvroSerdes serdes,
            String source,
            int maxInFlight,
            InstantSource clock) {
        KafkaClients clients = new KafkaClients(kafka, DELIVERY_LIMIT);
        this.engine = engine;
        this.peers = peers;
        this.topics = topics;
        this.writer = new CommandWriter(topics, serdes, source, clock);
        this.producer = clients.producer(Map.of(
                ProducerConfig.LINGER_MS_CONFIG,
                kafka.getOrDefault(ProducerConfig.LINGER_MS_CONFIG, 0),
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                BLOCKING_LIMIT.toMillis(),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) REQUEST_LIMIT.toMillis()));
        this.results = new ResultFollower(
                () -> clients.consumer(Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none")),
                serdes.newDeserializer());
        this.places = new Semaphore(maxInFlight);
        this.limit = maxInFlight;
        results.start();
    }

    /** An id for a command that its sender gave none: time-ordered, so that new ones stand together in stores. */
    public static String newId() {
        return NEW_IDS.generate().toString();
    }

    /** How many commands are accepted and not answered. */
    public int inFlight() {
        return limit - places.availablePermits();
    }

    /**
     * Sends a command of a domain under a new id.
     *
     * @param type of the aggregate
     * @return as {@link #send(CommandMessage, Duration)}
     */
    public <C> CompletionStage<Optional<CommandAnswer>> send(
            AggregateBinding<C, ?, ?> type, String aggregateId, C command, Duration wait) {
        return send(new CommandMessage(type.type().name(), aggregateId, newId(), type.commandToAvro(command)), wait);
    }

    /**
     * Has a command decided. Where the topic's writers are not trusted ({@link ActorTrust#CALLERS}), one that says who
     * asks goes through no topic: it is decided within the wait, or fails with {@link LaneMovedException} or
     * {@link TimeoutException}, and may have been decided then.
     *
     * @param wait for the answer; zero sends it through its topic at once
     * @return its answer, which is durable; empty where there was none in time, and then the command is durable in its
     *     topic. Fails with {@link EngineFullException} where too many are in flight, and with a {@link KafkaException}
     *     where the brokers or the registry are away: the command may have been taken then, so send it again under the
     *     same id.
     */
    public CompletionStage<Optional<CommandAnswer>> send(CommandMessage command, Duration wait) {
        if (!places.tryAcquire()) {
            return CompletableFuture.failedFuture(new EngineFullException(command.type()));
        }
        CompletableFuture<Optional<CommandAnswer>> answer;
        try {
            answer = sent(command, writer.write(command), System.nanoTime() + wait.toNanos());
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Optional<CommandAnswer>> told = answer.copy();
        long number = sent.incrementAndGet();
        waiting.put(number, told);
        if (stopping) {
            stopWaiting();
        }
        return told.whenComplete((unused, failure) -> {
            waiting.remove(number);
            places.release();
        });
    }

    /** Tells all who wait, now and from now on, that nobody knows what becomes of their commands. */
    public void stopWaiting() {
        stopping = true;
        waiting.values().forEach(each -> each.completeExceptionally(new KafkaException("the service is stopping")));
    }

    private CompletableFuture<Optional<CommandAnswer>> sent(
            CommandMessage command, Record<byte[], byte[]> record, long deadline) {
        if (command.actor() != null && !engine.trustsTopic(command.type())) {
            long patience = System.nanoTime() + PATIENCE.toNanos();
            return byOwner(command, record, false, left(deadline) <= 0 ? patience : deadline)
                    .thenApply(Optional::of);
        }
        if (left(deadline) <= 0) {
            return post(command, record).thenApply(unused -> Optional.empty());
        }
        return byOwner(command, record, false, Math.min(deadline, System.nanoTime() + PATIENCE.toNanos()))
                .thenApply(Optional::of)
                .exceptionallyCompose(failure -> isForTheTopic(failure)
                        ? throughTopic(command, record, deadline)
                        : CompletableFuture.failedFuture(failure));
    }

    /** @return the answer; {@link LaneMovedException} where the owner is not known, or does not answer */
    private CompletableFuture<CommandAnswer> byOwner(
            CommandMessage command, Record<byte[], byte[]> record, boolean dryRun, long deadline) {
        String owner = engine.decides(command.type(), command.aggregateId())
                ? null
                : engine.ownerElsewhere(command.type(), command.aggregateId());
        if (owner == null) {
            return here(command.type(), record, dryRun, deadline);
        }
        Duration limit = Duration.ofNanos(Math.max(0, left(deadline)));
        return peers.ask(owner, new Request(command.type(), record, dryRun), limit)
                .toCompletableFuture()
                .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(LaneMovedException.unanswered(owner, failure)));
    }

    /** As another instance asks it: decided here, or not at all. */
    public CompletionStage<CommandAnswer> answer(Request request, Duration limit) {
        return here(request.type(), request.command(), request.dryRun(), System.nanoTime() + limit.toNanos());
    }

    /**
     * What a command would come to, by the state as it is; nothing of it is written or kept.
     *
     * @return fails with {@link LaneMovedException} where nobody owns its aggregate now, or the owner does not answer,
     *     and with {@link EngineFullException} where too many ask
     */
    public CompletionStage<CommandAnswer> tryOut(CommandMessage command, Duration wait) {
        try {
            return byOwner(command, writer.write(command), true, System.nanoTime() + wait.toNanos());
        } catch (SerializationException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<CommandAnswer> here(
            String type, Record<byte[], byte[]> record, boolean dryRun, long deadline) {
        CompletionStage<CommandAnswer> answer = dryRun ? engine.tryOut(type, record) : engine.decide(type, record);
        return answer.toCompletableFuture().orTimeout(Math.max(0, left(deadline)), TimeUnit.NANOSECONDS);
    }

    private static long left(long deadline) {
        return deadline - System.nanoTime();
    }

    private static boolean isForTheTopic(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof LaneMovedException
                || cause instanceof EngineFullException
                || cause instanceof TimeoutException;
    }

    private CompletableFuture<Optional<CommandAnswer>> throughTopic(
            CommandMessage command, Record<byte[], byte[]> record, long deadline) {
        int partition = engine.partition(command.type(), command.aggregateId());
        Followed followed = results.follow(
                new TopicPartition(topics.results(command.type()), partition),
                command.commandId(),
                command.aggregateId());
        CompletableFuture<?> ready = followed.ready()
                .copy()
                .completeOnTimeout(null, Math.max(0, left(deadline)), TimeUnit.NANOSECONDS)
                .exceptionally(failure -> null); // nobody follows: the command is sent all the same
        return ready.thenCompose(unused -> post(command, record))
                .thenCompose(place -> {
                    followed.sent(place.toString());
                    return followed.result()
                            .thenApply(result -> Optional.of(new CommandAnswer(result, List.of())))
                            .completeOnTimeout(Optional.empty(), Math.max(0, left(deadline)), TimeUnit.NANOSECONDS)
                            .exceptionally(CommandGateway::untold);
                })
                .whenComplete((unused, failure) -> followed.result().cancel(false));
    }

    /** The command is durable and will be decided, whether or not its result can be followed here. */
    private static Optional<CommandAnswer> untold(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof CancellationException) {
            return Optional.empty();
        }
        throw new CompletionException(cause);
    }

    /** Writes a command to its topic; done when it is durable there. */
    private CompletableFuture<RecordPlace> post(CommandMessage command, Record<byte[], byte[]> record) {
        CompletableFuture<RecordPlace> durable = new CompletableFuture<>();
        var sending = new ProducerRecord<>(
                topics.commands(command.type()),
                engine.partition(command.type(), command.aggregateId()),
                null,
                record.key(),
                record.value(),
                record.headers());
        try {
            var unused = producer.send(sending, (metadata, failure) -> {
                if (failure == null) {
                    durable.complete(new RecordPlace(metadata.topic(), metadata.partition(), metadata.offset()));
                } else {
                    durable.completeExceptionally(failure);
                }
            });
        } catch (KafkaException e) {
            durable.completeExceptionally(e);
        }
        return durable;
    }

    @Override
    public void close() {
        results.close();
        producer.close(CLOSE_LIMIT);
        writer.close();
    }
}
