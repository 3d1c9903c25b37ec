package dev.annals.projector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.RegistryEntry;
import dev.annals.operations.http.OperationProblems;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.replay.Replays;
import dev.annals.operations.replay.Replays.Start;
import dev.annals.operations.skip.Skips;
import dev.annals.service.ServiceConfig;
import dev.annals.service.http.OperatorBody;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.RouteAccess;
import dev.annals.service.views.ViewRegistry;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What operators have done to views over HTTP: replays and skips, as the command line does them. They only note what is
 * to be done, and answer when that is safe; every projector acts by the notes. They are rare, so nothing is kept open
 * for them. Thread-safe.
 */
record ViewOperations(ServiceConfig config, ViewRegistry registry) {

    private static final String VIEW = "/v1/views/{view}";
    private static final String TO_DATETIME = "toDatetime";
    private static final String TO_OFFSET = "toOffset";
    private static final String IN_PLACE = "inPlace";
    private static final String AT = "at";
    private static final String FORCE = "force";

    private static final String REPLAY_BODY =
            "{\"toDatetime\": \"2011-01-04T10:00:00Z\"} or {\"toOffset\": 0} to begin in"
                    + " the middle, and \"inPlace\": true to give the live generation up at once; {} for neither";

    private static final String SKIP_BODY = "{\"at\": \"orders.events-2@17\", \"reason\": \"…\"}, if you like with"
            + " \"actor\": \"…\", and \"force\": true for a place where the view has not stopped; reason and actor with "
            + Instruction.RULE;

    void add(RoutesConfig routes) {
        routes.post(VIEW + "/replay", this::replay, RouteAccess.OPERATE);
        routes.delete(VIEW + "/replay", this::cancel, RouteAccess.OPERATE);
        routes.delete(VIEW + "/replaced", this::dropReplaced, RouteAccess.OPERATE);
        routes.post(VIEW + "/skip", this::skip, RouteAccess.OPERATE);
    }

    private void replay(Context ctx) {
        String view = view(ctx);
        OperatorBody body = OperatorBody.read(ctx, REPLAY_BODY, List.of(TO_DATETIME, TO_OFFSET, IN_PLACE));
        Start start = start(body);
        boolean inPlace = body.flag(IN_PLACE);
        Generation coming = replays(replays -> replays.begin(view, start, inPlace));
        if (coming == null) {
            throw OperationProblems.refused(
                    "view %s has no live generation of which another could be made".formatted(view));
        }
        ctx.status(202).json(coming.json());
    }

    private static Start start(OperatorBody body) {
        Instant time = body.text(TO_DATETIME, Instant::parse);
        Long offset = body.number(TO_OFFSET);
        if (time != null && offset != null) {
            throw body.invalid(TO_OFFSET);
        }
        if (time != null) {
            return new Start.Time(time);
        }
        return offset == null ? new Start.First() : new Start.Offset(offset);
    }

    private void cancel(Context ctx) {
        String view = view(ctx);
        answer(ctx, replays(replays -> replays.cancel(view)), "nothing of %s is being built".formatted(view));
    }

    private void dropReplaced(Context ctx) {
        String view = view(ctx);
        answer(
                ctx,
                replays(replays -> replays.dropOld(view)),
                "nothing of %s is kept but what is live".formatted(view));
    }

    private void skip(Context ctx) {
        String view = view(ctx);
        OperatorBody body = OperatorBody.read(ctx, SKIP_BODY, List.of(AT, "reason", "actor", FORCE));
        RecordPlace place = body.text(AT, RecordPlace::parse);
        if (place == null) {
            throw body.invalid(AT);
        }
        Instruction instruction = body.instruction();
        boolean force = body.flag(FORCE);
        answer(
                ctx.status(202),
                OperationProblems.done(() -> {
                    try (Skips skips = new Skips(KafkaAccess.of(config))) {
                        return skips.skip(view, place, instruction, force);
                    }
                }),
                "nothing is noted");
    }

    /** The name of a view that there is. */
    private String view(Context ctx) {
        String view = ctx.pathParam("view");
        if (registry.generations().of(view).isEmpty()) {
            throw ProblemException.of(
                    404,
                    "not-found",
                    "there is no view '%s'; there are: %s"
                            .formatted(
                                    view,
                                    String.join(
                                            ", ",
                                            registry.generations().all().stream()
                                                    .map(each -> each.view().name())
                                                    .distinct()
                                                    .sorted()
                                                    .toList())));
        }
        return view;
    }

    private static void answer(Context ctx, List<? extends RegistryEntry> noted, String otherwise) {
        if (noted.isEmpty()) {
            throw OperationProblems.refused(otherwise);
        }
        List<ObjectNode> items = noted.stream().map(RegistryEntry::json).toList();
        ctx.json(Map.of("items", items));
    }

    private <T extends @Nullable Object> T replays(Function<Replays, T> operation) {
        return OperationProblems.done(() -> {
            try (Replays replays = new Replays(KafkaAccess.of(config))) {
                return operation.apply(replays);
            }
        });
    }
}
