package dev.annals.projector;

import dev.annals.engine.notes.RecordPlace;
import dev.annals.engine.notes.ViewId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The generations whose groups somebody has set back, as seen by this instance since it was started. Thread-safe. */
final class Rereads {

    private static final Logger LOG = LoggerFactory.getLogger(Rereads.class);

    private final Set<ViewId> views = ConcurrentHashMap.newKeySet();

    /** Cheap after the first record, and there may be millions. */
    void tell(ViewId view, RecordPlace place) {
        if (!views.contains(view) && views.add(view)) {
            LOG.atWarn()
                    .addKeyValue("view", view)
                    .addKeyValue("place", place)
                    .log("the offsets of a view's group have been set back; what it has folded is passed over");
        }
    }

    Set<ViewId> views() {
        return Set.copyOf(views);
    }
}
