package dev.annals.projector;

import dev.annals.engine.notes.RecordPlace;
import dev.annals.engine.notes.Skip;
import dev.annals.engine.notes.ViewId;
import dev.annals.engine.projecting.Skips;
import dev.annals.service.views.ViewBoard;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The skips that people have noted; each record that is passed over is logged and counted. */
record BoardSkips(ViewBoard board, MeterRegistry meters, Rereads rereads) implements Skips {

    private static final Logger LOG = LoggerFactory.getLogger(BoardSkips.class);
    private static final String METER = "annals.view.skipped";

    @Override
    public @Nullable Skip of(ViewId view, RecordPlace place) {
        return board.skip(view, place);
    }

    @Override
    public boolean isStopped(ViewId view) {
        return board.isStopped(view);
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

    @Override
    public void readAgain(ViewId view, RecordPlace place) {
        rereads.tell(view, place);
    }
}
