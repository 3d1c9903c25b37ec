package dev.annals.command;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Domain;
import dev.annals.api.View;
import dev.annals.testsupport.kafka.KafkaCluster;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A domain for tests whose handler misbehaves when asked; only {@link #start} finds it. */
public final class ProbesDomain implements Domain {

    static final String NAME = "probes";

    /** Starts a service with this domain alone, without waiting until it is ready. */
    static Instance start(KafkaCluster kafka, String prefix, Path stateDir, Map<String, String> settings) {
        return ListedDomains.with("poison/domains", () -> Instance.start(kafka, prefix, stateDir, settings));
    }

    @Override
    public AggregateType<?, ?, ?> aggregate() {
        return AggregateType.named(NAME, new Rules())
                .commands(Command.class)
                .events(Event.class)
                .state(Probes.class)
                .createdBy(Probe.class)
                .build();
    }

    @Override
    public List<View<?, ?>> views() {
        return List.of();
    }

    sealed interface Command {}

    record Probe(int times) implements Command {}

    record Misbehave(String how, String note) implements Command {}

    sealed interface Event {}

    record Probed(String note) implements Event {}

    record Probes(long count) {}

    static final class Rules implements Decider<Command, Probes, Event> {

        @Override
        public Probes initial() {
            return new Probes(0);
        }

        @Override
        public Decision<Event> decide(Command command, Probes state) {
            return switch (command) {
                case Probe probe -> new Decision.Accepted<>(Collections.nCopies(probe.times, new Probed("")));
                case Misbehave misbehave ->
                    switch (misbehave.how) {
                        case "throw" -> throw new IllegalStateException("a bug in decide");
                        case "recurse" -> decide(command, state);
                        default -> Decision.accept(new Probed(""), new Probed(misbehave.how + misbehave.note));
                    };
            };
        }

        @Override
        public Probes evolve(Probes state, Event event) {
            return switch (event) {
                case Probed probed
                when probed.note.startsWith("evolve") -> throw new IllegalStateException("a bug in evolve");
                case Probed probed -> new Probes(state.count + 1);
            };
        }
    }
}
