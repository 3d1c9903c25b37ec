package dev.annals.service.views;

import dev.annals.engine.notes.Generations;
import dev.annals.engine.notes.NoteEditor;
import dev.annals.engine.notes.NoteReader;
import dev.annals.engine.notes.RecordPlace;
import dev.annals.engine.notes.Skip;
import dev.annals.engine.notes.Stop;
import dev.annals.engine.notes.ViewId;
import dev.annals.engine.notes.ViewNote;
import dev.annals.engine.notes.ViewNotes;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.service.ServiceConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notes about views, followed in the background: which views are stopped, and which records they pass over.
 *
 * <p>One thread reads {@code annals.views} and, only while a view is stopped, asks the brokers twice a second how far its group
 * is. Answers come from memory. While Kafka is away they are those of the last time. Thread-safe.
 */
public final class ViewBoard implements AutoCloseable {

    /** For {@link #start()} to know what has been noted; after it the service goes on, and learns it later. */
    public static final Duration START_LIMIT = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(ViewBoard.class);

    private final ServiceConfig config;
    private final NoteClients clients;
    private final NoteWriter writer;
    private final NoteEditor editor;
    private final ViewNotes notes = new ViewNotes();
    private final OpenStops stops = new OpenStops(notes);
    private final CountDownLatch known = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Runnable> waiting = new CopyOnWriteArrayList<>();
    private final Thread follower;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    public ViewBoard(ServiceConfig config) {
        this.config = config;
        this.clients = new NoteClients(config);
        this.writer = new NoteWriter(clients);
        this.editor = new NoteEditor(
                config.topics(), clients::shortLivedConsumer, clients::transactionalProducer, NoteClients.LIMIT);
        this.follower = Thread.ofPlatform().daemon().name("view-notes").unstarted(this::run);
    }

    /** Starts to follow the notes and returns when what stands there is known, within {@link #START_LIMIT}. */
    public void start() {
        follower.start();
        try {
            if (!known.await(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atWarn()
                        .addKeyValue("topic", config.topics().views())
                        .addKeyValue("limit", START_LIMIT)
                        .log("the notes about views are not known yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where and why a view is stopped, null if it isn't; of several places the one that has stood longest. */
    public @Nullable Stop stop(ViewId view) {
        return stops.of(view);
    }

    /** As {@link #stop}, cheap enough to be asked for every record; half a second late. */
    public boolean isStopped(ViewId view) {
        return stops.views().contains(view);
    }

    /** Why a view passes over a record, null if it doesn't. */
    public @Nullable Skip skip(ViewId view, RecordPlace place) {
        return notes.skip(view, place);
    }

    /** Makes known that a view has stopped: here at once, elsewhere when the note has been written. Doesn't wait. */
    public void tell(Stop stop) {
        Stop noted = stops.add(stop);
        if (!notes.contains(noted)) {
            writer.write(noted);
        }
    }

    /** Whether everything that was noted before the board was started is known. */
    public boolean isComplete() {
        return known.getCount() == 0;
    }

    /** The generations of all views, as far as the notes are known here. */
    public Generations generations() {
        return notes.generations();
    }

    /** How many notes there are that can't be read, and count for nothing. */
    public int notesLeftOut() {
        return notes.leftOut();
    }

    /**
     * The generations of all views at this moment, as the broker has them. Waits for it.
     *
     * @throws KafkaException if it does not say in time
     */
    public Generations readAnew() {
        return editor.read().generations();
    }

    /** Has somebody told, for good, when the generations have changed here. In the follower's thread, which must not wait. */
    public void onNews(Runnable told) {
        waiting.add(told);
    }

    /**
     * Changes notes, see {@link NoteEditor#edit}. Waits for the broker; {@link #generations} has the change a moment later.
     *
     * @throws KafkaException if it can't be done now
     */
    public List<ViewNote> edit(NoteEditor.Edit edit) {
        return editor.edit(edit);
    }

    private void run() {
        while (!isClosed() && !Thread.currentThread().isInterrupted()) {
            try {
                follow();
            } catch (WakeupException e) {
                LOG.atDebug().log("no longer following notes about views");
            } catch (KafkaException e) {
                LOG.atWarn().addKeyValue("reason", e.toString()).log("the notes about views can't be followed now");
                pause();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) { // nobody else would follow them
                LOG.atError().setCause(e).log("following the notes about views failed; it begins anew");
                pause();
            }
        }
    }

    private void follow() throws InterruptedException {
        try (Consumer<byte[], byte[]> reading = clients.consumer();
                Admin admin = clients.admin()) {
            consumer = reading;
            NoteReader reader = new NoteReader(reading, config.topics(), notes, NoteClients.LIMIT);
            Duration wait = Duration.ZERO; // often there is nothing, and then nobody needs to wait
            while (!isClosed()) {
                Generations before = notes.generations();
                boolean all = reader.poll(wait);
                if (!notes.generations().equals(before)) {
                    waiting.forEach(Runnable::run);
                }
                stops.refresh();
                if (askHowFar(admin) && all) {
                    known.countDown();
                }
                wait = POLL;
            }
        } finally {
            consumer = null;
        }
    }

    /** Whether the brokers answered. */
    private boolean askHowFar(Admin admin) throws InterruptedException {
        Map<String, ViewId> groups = stops.views().stream().collect(Collectors.toMap(this::group, Function.identity()));
        if (groups.isEmpty()) {
            return true;
        }
        ListConsumerGroupOffsetsResult answer = admin.listConsumerGroupOffsets(groups.keySet().stream()
                .collect(Collectors.toMap(Function.identity(), group -> new ListConsumerGroupOffsetsSpec())));
        boolean answered = true;
        for (Map.Entry<String, ViewId> each : groups.entrySet()) {
            try {
                stops.committed(
                        each.getValue(),
                        answer.partitionsToOffsetAndMetadata(each.getKey()).get());
            } catch (ExecutionException e) {
                answered = false;
                LOG.atWarn()
                        .addKeyValue("group", each.getKey())
                        .addKeyValue("reason", String.valueOf(e.getCause()))
                        .log("how far a stopped view is, is unknown now");
            }
        }
        return answered;
    }

    private String group(ViewId view) {
        return config.topics().prefix() + ViewTopology.applicationId(view);
    }

    private void pause() {
        try {
            if (closed.await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atDebug().log("closed during a pause");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    @Override
    public void close() {
        closed.countDown();
        writer.close();
        Consumer<byte[], byte[]> reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
        try {
            follower.join(NoteClients.LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalThreadStateException e) {
            LOG.atDebug().log("closed before it was started");
        }
    }
}
