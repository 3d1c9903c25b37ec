package dev.annals.projector.views;

import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.projecting.Skips;
import dev.annals.engine.viewregistry.Skip;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.service.views.ViewRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The skips of the view registry; each record that is passed over is logged and counted. Thread-safe. */
final class RegisteredSkips implements Skips {

    private static final Logger LOG = LoggerFactory.getLogger(RegisteredSkips.class);
    private static final String METER = "annals.view.skipped";

    private final ViewRegistry registry;
    private final MeterRegistry meters;
    private final Set<ViewId> offsetResets = ConcurrentHashMap.newKeySet();

    RegisteredSkips(ViewRegistry registry, MeterRegistry meters) {
        this.registry = registry;
        this.meters = meters;
    }

    @Override
    public @Nullable Skip of(ViewId view, RecordPlace place) {
        return registry.skip(view, place);
    }

    @Override
    public boolean isStopped(ViewId view) {
        return registry.isStopped(view);
    }

    @Override
    public void passedOver(Skip skip) {
        meters.counter(METER, "view", skip.view().name()).increment();
        LOG.atWarn()
                .addKeyValue("view", skip.view())
                .addKeyValue("place", skip.place())
                .addKeyValue("reason", skip.reason())
                .addKeyValue("since", skip.time())
                .log("a record is passed over, as somebody said");
    }

    /** Cheap after the first record, and there may be millions. */
    @Override
    public void offsetReset(ViewId view, RecordPlace place) {
        if (!offsetResets.contains(view) && offsetResets.add(view)) {
            LOG.atWarn()
                    .addKeyValue("view", view)
                    .addKeyValue("place", place)
                    .log("the offsets of a view's group have been set back; what it has folded is passed over");
        }
    }

    /** The generations whose groups' offsets somebody has set back, as seen by this instance since it was started. */
    Set<ViewId> offsetResets() {
        return Set.copyOf(offsetResets);
    }
}
