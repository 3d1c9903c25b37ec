package dev.annals.projector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.core.notes.Stop;
import dev.annals.core.notes.ViewId;
import dev.annals.projector.ProjectedViews.ProjectedView;
import dev.annals.service.http.Problem;
import dev.annals.service.kafka.StreamsHost;
import dev.annals.service.views.ViewBoard;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/views}: what each view does and how far it is behind. */
record ViewReport(ProjectedViews views, StreamsHost host, ViewBoard board, ViewLags lags) {

    /**
     * @param version of the view; it is the last part of its topic's name
     * @param state of its Streams application; {@code RUNNING} is good, {@code STOPPED} needs a person
     * @param lag in records
     * @param stopped where and why, as {@link Stop#details()} has it
     */
    record ViewStatus(
            String name,
            int version,
            String aggregateType,
            String state,
            @Nullable Long lag,
            @Nullable ObjectNode stopped) {}

    void answer(Context ctx) {
        Map<String, Long> lagByGroup = lagByGroup();
        List<ViewStatus> statuses =
                views.all().stream().map(view -> status(view, lagByGroup)).toList();
        ctx.json(Map.of("views", statuses));
    }

    private ViewStatus status(ProjectedView view, Map<String, Long> lagByGroup) {
        Stop stop = board.stop(ViewId.of(view.view()));
        return new ViewStatus(
                view.name(),
                view.view().version(),
                view.aggregateType(),
                host.state(view.name()),
                lagByGroup.get(view.group()),
                stop == null ? null : stop.details());
    }

    private Map<String, Long> lagByGroup() {
        try {
            return lags.of(views);
        } catch (ExecutionException e) {
            throw Problem.of(503, "kafka-unavailable", "Kafka does not tell the lag: " + e.getCause())
                    .asException()
                    .withHeader("Retry-After", "1");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(503, "stopping", "the service is stopping").asException();
        }
    }
}
