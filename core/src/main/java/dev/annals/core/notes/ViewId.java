package dev.annals.core.notes;

import dev.annals.core.projection.View;

/** A view in one of its versions; each version stops and passes over records by itself. */
public record ViewId(String name, int version) {

    public static ViewId of(View<?, ?> view) {
        return new ViewId(view.name(), view.version());
    }

    @Override
    public String toString() {
        return name + "/" + version;
    }
}
