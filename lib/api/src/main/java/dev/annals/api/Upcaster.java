package dev.annals.api;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One step from events of a shape that is no longer written towards today's.
 *
 * <p>The old shape lives on as a record, outside the sealed interface of the events, with the schema and the full name
 * that it was written with. What comes of it are today's events, or records of another old shape that has an upcaster
 * of its own; so each change adds one step and leaves the older ones as they are. Deciders, views and histories see
 * what comes out at the end only.
 *
 * <p>The function must be pure: no I/O, no clock, nothing kept between calls. It is called by several threads, each
 * time that the event is read, and must give the same each time. It is total as a fold is: the event is a fact. A field
 * added with a default and a name changed with an alias need no upcaster, the schema says it all.
 *
 * @param <T> the old shape
 * @param <R> what comes out
 */
public final class Upcaster<T extends Record, R> {

    private final Class<T> from;
    private final @Nullable Class<R> to;
    private final Function<? super T, ? extends List<? extends R>> function;

    private Upcaster(Class<T> from, @Nullable Class<R> to, Function<? super T, ? extends List<? extends R>> function) {
        this.from = from;
        this.to = to;
        this.function = function;
    }

    /**
     * One record becomes one.
     *
     * @param to an event or the sealed interface of the events, or an old shape
     */
    public static <T extends Record, R> Upcaster<T, R> of(
            Class<T> from, Class<R> to, Function<? super T, ? extends R> function) {
        return new Upcaster<>(from, to, old -> List.of(function.apply(old)));
    }

    /**
     * One record becomes several, in this order, or none. All of them have the version of the one that is stored.
     *
     * @param to what all of them are: an event or the sealed interface of the events, or an old shape
     */
    public static <T extends Record, R> Upcaster<T, R> split(
            Class<T> from, Class<R> to, Function<? super T, ? extends List<? extends R>> function) {
        return new Upcaster<>(from, to, function);
    }

    /** Records of this type mean nothing any more. They are counted in versions, and change no state and no view. */
    public static <T extends Record> Upcaster<T, ?> retired(Class<T> from) {
        return new Upcaster<T, Object>(from, null, old -> List.of());
    }

    /** The old shape. */
    public Class<T> from() {
        return from;
    }

    /** What comes out; null where nothing does. */
    public @Nullable Class<R> to() {
        return to;
    }

    /** @throws ClassCastException if it is no record of the old shape */
    List<? extends R> apply(Object old) {
        return function.apply(from.cast(old));
    }
}
