package dev.annals.engine.projecting;

import dev.annals.api.View;
import dev.annals.engine.notes.RecordPlace;
import dev.annals.engine.notes.Skip;
import dev.annals.engine.notes.ViewId;
import dev.annals.engine.notes.ViewNotes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Skips as a projector has them from its notes, without the topic between; and what was passed over. */
final class NotedSkips implements Skips {

    private final ViewNotes notes = new ViewNotes();
    private final List<String> passedOver = new ArrayList<>();
    private final List<String> readAgain = new ArrayList<>();

    void add(View<?, ?> view, String place) {
        notes.add(new Skip(ViewId.first(view), RecordPlace.parse(place), "garbage", Instant.EPOCH));
    }

    @Override
    public @Nullable Skip of(ViewId view, RecordPlace place) {
        return notes.skip(view, place);
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
    public void readAgain(ViewId view, RecordPlace place) {
        readAgain.add(place.toString());
    }

    List<String> readAgain() {
        return List.copyOf(readAgain);
    }

    List<String> passedOver() {
        return List.copyOf(passedOver);
    }
}
