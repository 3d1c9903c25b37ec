package dev.annals.service;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Domain;
import dev.annals.api.View;
import java.util.List;

/** A domain for tests, of any name and namespace. */
public record TestDomain(String name, String namespace, List<View<?, ?>> views) implements Domain {

    public TestDomain(String name) {
        this(name, AggregateType.DEFAULT_NAMESPACE, List.of());
    }

    @Override
    public AggregateType<?, ?, ?> aggregate() {
        return AggregateType.named(name, new Counting())
                .namespace(namespace)
                .commands(Change.class)
                .events(Changed.class)
                .state(Count.class)
                .createdBy(Add.class)
                .build();
    }

    sealed interface Change {}

    record Add() implements Change {}

    sealed interface Changed {}

    record Added() implements Changed {}

    record Count(long value) {}

    static final class Counting implements Decider<Change, Count, Changed> {
        @Override
        public Count initial() {
            return new Count(0);
        }

        @Override
        public Decision<Changed> decide(Change command, Count state) {
            return Decision.accept(new Added());
        }

        @Override
        public Count evolve(Count state, Changed event) {
            return new Count(state.value() + 1);
        }
    }
}
