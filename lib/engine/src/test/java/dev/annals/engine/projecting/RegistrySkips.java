package dev.annals.engine.projecting;

import dev.annals.api.View;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.viewregistry.RegistryState;
import dev.annals.engine.viewregistry.Skip;
import dev.annals.engine.viewregistry.ViewId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Skips as a projector has them from its registry, without the topic between; and what was passed over. */
final class RegistrySkips implements Skips {

    private final RegistryState registry = new RegistryState();
    private final List<String> passedOver = new ArrayList<>();
    private final List<String> offsetResets = new ArrayList<>();

    void add(View<?, ?> view, String place) {
        registry.add(new Skip(ViewId.first(view), RecordPlace.parse(place), "garbage", Instant.EPOCH));
    }

    @Override
    public @Nullable Skip of(ViewId view, RecordPlace place) {
        return registry.skip(view, place);
    }

    @Override
    public boolean isStopped(ViewId view) {
        return false;
    }

    @Override
    public void passedOver(Skip skip) {
        passedOver.add(skip.place().toString());
    }

    @Override
    public void offsetReset(ViewId view, RecordPlace place) {
        offsetResets.add(place.toString());
    }

    List<String> offsetResets() {
        return List.copyOf(offsetResets);
    }

    List<String> passedOver() {
        return List.copyOf(passedOver);
    }
}
