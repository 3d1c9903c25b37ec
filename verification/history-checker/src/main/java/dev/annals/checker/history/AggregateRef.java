package dev.annals.checker.history;

/** One aggregate, over all types. */
public record AggregateRef(String type, String id) {

    @Override
    public String toString() {
        return type + "/" + id;
    }
}
