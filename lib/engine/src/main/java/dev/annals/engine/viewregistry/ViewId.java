package dev.annals.engine.viewregistry;

import dev.annals.api.View;

/**
 * A view in one of its generations: the same rows, built anew. Each has a topic, {@code <name>.view.<generation>}, and
 * a Streams application, and stops and passes over records by itself.
 *
 * @param name as {@link View#isName} has it, also where somebody else's entry says it
 * @param generation from 1; a number is never used twice
 */
public record ViewId(String name, int generation) {

    public ViewId {
        if (!View.isName(name)) {
            throw new IllegalArgumentException("view '%s': expected lower-case words joined by '-'".formatted(name));
        }
        if (generation < 1) {
            throw new IllegalArgumentException(
                    "view %s: expected a generation from 1, got %d".formatted(name, generation));
        }
    }

    /** With which a view begins where it has no generation yet. */
    public static ViewId first(View<?, ?> view) {
        return new ViewId(view.name(), view.version());
    }

    @Override
    public String toString() {
        return name + "/" + generation;
    }
}
