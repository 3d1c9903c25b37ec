package dev.annals.checker.mutant;

import dev.annals.accounts.AccountsDomain;
import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.Effect;
import dev.annals.api.Input;
import dev.annals.api.ProcessManager;
import dev.annals.api.View;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Accounts whose process does everything twice, as it would be told things again by a host that remembers nothing. */
public final class SentAgain implements Domain {

    private final Domain right = new AccountsDomain();

    @Override
    public AggregateType<?, ?, ?> aggregate() {
        return right.aggregate();
    }

    @Override
    public List<View<?, ?>> views() {
        return right.views();
    }

    @Override
    public List<ProcessManager<?>> processes() {
        return right.processes().stream().<ProcessManager<?>>map(Twice::new).toList();
    }

    private record Twice<S extends Record>(ProcessManager<S> right) implements ProcessManager<S> {

        @Override
        public List<Effect> react(S state, Input input) {
            return right.react(state, input).stream()
                    .flatMap(effect -> effect instanceof Effect.Send ? Stream.of(effect, effect) : Stream.of(effect))
                    .toList();
        }

        @Override
        public String name() {
            return right.name();
        }

        @Override
        public List<Class<?>> events() {
            return right.events();
        }

        @Override
        public List<Class<?>> commands() {
            return right.commands();
        }

        @Override
        public @Nullable String instance(Input.Happened happened) {
            return right.instance(happened);
        }

        @Override
        public Class<S> state() {
            return right.state();
        }

        @Override
        public S initial() {
            return right.initial();
        }

        @Override
        public S evolve(S state, Input input) {
            return right.evolve(state, input);
        }
    }
}
