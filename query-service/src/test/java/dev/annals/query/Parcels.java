package dev.annals.query;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Domain;
import dev.annals.api.Effect;
import dev.annals.api.Input;
import dev.annals.api.ProcessManager;
import dev.annals.api.View;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A domain with a process that searches for what is lost; only {@link ListedDomains} finds it. */
public final class Parcels implements Domain {

    static final Duration PATIENCE = Duration.ofHours(1);

    sealed interface ParcelCommand {}

    record Post(int pieces) implements ParcelCommand {}

    record Trace() implements ParcelCommand {}

    record Recall() implements ParcelCommand {}

    sealed interface ParcelEvent {}

    record Posted(int pieces) implements ParcelEvent {}

    record Lost() implements ParcelEvent {}

    record Found() implements ParcelEvent {}

    record Parcel(int pieces) {}

    @Override
    public AggregateType<?, ?, ?> aggregate() {
        return AggregateType.named("parcels", new Rules())
                .commands(ParcelCommand.class)
                .events(ParcelEvent.class)
                .state(Parcel.class)
                .createdBy(Post.class)
                .build();
    }

    @Override
    public List<View<?, ?>> views() {
        return List.of();
    }

    @Override
    public List<ProcessManager<?>> processes() {
        return List.of(new Searches());
    }

    private static final class Rules implements Decider<ParcelCommand, Parcel, ParcelEvent> {

        @Override
        public Parcel initial() {
            return new Parcel(0);
        }

        @Override
        public Decision<ParcelEvent> decide(ParcelCommand command, Parcel state) {
            return Decision.accept();
        }

        @Override
        public Parcel evolve(Parcel state, ParcelEvent event) {
            return event instanceof Posted posted ? new Parcel(posted.pieces()) : state;
        }
    }

    /** How a search stands. */
    record Search(int times, @Nullable String outcome) {}

    static final class Searches implements ProcessManager<Search> {

        @Override
        public String name() {
            return "searches";
        }

        @Override
        public List<Class<?>> events() {
            return List.of(ParcelEvent.class);
        }

        @Override
        public List<Class<?>> commands() {
            return List.of(ParcelCommand.class);
        }

        @Override
        public String instance(Input.Happened happened) {
            return happened.aggregateId();
        }

        @Override
        public Class<Search> state() {
            return Search.class;
        }

        @Override
        public Search initial() {
            return new Search(0, null);
        }

        @Override
        public Search evolve(Search search, Input input) {
            return switch (input) {
                case Input.Happened happened
                when happened.event() instanceof Lost -> new Search(search.times() + 1, search.outcome());
                case Input.Happened happened -> search;
                case Input.Answered answered ->
                    new Search(search.times(), answered.outcome().name());
                case Input.Due due -> search;
            };
        }

        /** Of a parcel that is lost for the second time there is a bug. */
        @Override
        public List<Effect> react(Search search, Input input) {
            return switch (input) {
                case Input.Happened happened ->
                    switch ((ParcelEvent) happened.event()) {
                        case Posted posted -> List.of();
                        case Lost lost when search.times() > 1 -> throw new IllegalStateException("lost again");
                        case Lost lost ->
                            List.of(
                                    new Effect.Send(happened.aggregateId(), new Trace()),
                                    new Effect.Send(happened.aggregateId(), new Recall(), happened.version()),
                                    new Effect.At("give-up", happened.time().plus(PATIENCE)));
                        case Found found -> List.of(new Effect.Cancel("give-up"), new Effect.End());
                    };
                case Input.Answered answered -> List.of();
                case Input.Due due -> List.of(new Effect.End());
            };
        }
    }
}
