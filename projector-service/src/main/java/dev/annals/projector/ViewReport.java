package dev.annals.projector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.engine.viewregistry.Generations;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.projector.views.ProjectedViews;
import dev.annals.service.http.Problem;
import dev.annals.service.kafka.KafkaWatch;
import dev.annals.service.kafka.StreamsHost;
import dev.annals.service.views.ViewRegistry;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/views}: what each generation of each view does and how far it is behind. */
record ViewReport(ProjectedViews views, StreamsHost host, ViewRegistry registry, ViewLags lags) {

    /** Of a generation that no release here can fold, or that is folded no more. */
    private static final String NOT_FOLDED = "NOT_FOLDED";

    /**
     * A generation.
     *
     * @param generation its number, the last part of its topic's name
     * @param status what it is for, such as {@code live} or {@code building}
     * @param state of its Streams application; {@code RUNNING} is good, {@code STOPPED} needs a person
     * @param lag in records
     * @param stopped where and why, as {@link Stop#details()} has it
     */
    record ViewStatus(
            String name,
            int generation,
            String aggregateType,
            String status,
            String state,
            @Nullable Long lag,
            @Nullable ObjectNode stopped) {}

    void answer(Context ctx) {
        Generations all = registry.generations();
        List<Generation> shown = all.all().stream()
                .filter(each -> views.get(each.view().name()) != null)
                .filter(each -> each.status() != Status.REMOVED && each.status() != Status.GONE)
                .toList();
        Map<String, Long> lagByGroup = lagByGroup(shown);
        ctx.json(Map.of(
                "views", shown.stream().map(each -> status(each, lagByGroup)).toList()));
    }

    private ViewStatus status(Generation generation, Map<String, Long> lagByGroup) {
        Stop stop = registry.stop(generation.view());
        String name = generation.view().toString();
        return new ViewStatus(
                generation.view().name(),
                generation.view().generation(),
                Objects.requireNonNull(views.get(generation.view().name())).aggregateType(),
                generation.statusName(),
                host.names().contains(name) ? host.state(name) : NOT_FOLDED,
                lagByGroup.get(views.group(generation.view())),
                stop == null ? null : stop.details());
    }

    private Map<String, Long> lagByGroup(List<Generation> generations) {
        try {
            return lags.of(generations);
        } catch (ExecutionException e) {
            throw Problem.of(503, "kafka-unavailable", "the lag of views is unknown now: " + KafkaWatch.reason(e))
                    .asException()
                    .withHeader("Retry-After", "1");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(503, "stopping", "the service is stopping").asException();
        }
    }
}
