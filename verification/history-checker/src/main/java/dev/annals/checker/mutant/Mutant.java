package dev.annals.checker.mutant;

import dev.annals.checker.nemesis.Disturbance;
import dev.annals.checker.workload.Scenario;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The ways to be wrong. */
public enum Mutant {
    /** A repeated command id is decided again. */
    DEDUPE_OFF(Map.of(
            "annals.value.deserializer", FreshIds.Reading.class.getName(),
            "annals.value.serializer", FreshIds.Writing.class.getName())),

    /** A command is decided whatever version it expects. */
    VERSION_CHECK_OFF(Map.of("annals.value.deserializer", WithoutExpectation.class.getName())),

    /** A command is decided against a state that lags, as if it came back through a topic. */
    STATE_THROUGH_TOPIC(Map.of()),

    /** A lane is restored before the owner before is fenced, who may still be deciding. */
    RESTORE_BEFORE_FENCING(Map.of()),

    /** What a transaction did is undone in memory and done again, though whether it was committed is not known. */
    UNDONE_AFTER_COMMIT(Map.of()),

    /** A process gives its commands ids that come from nothing, so that no result finds the way back. */
    FRESH_PROCESS_IDS(Map.of("annals.value.serializer", FreshIds.Sending.class.getName())),

    /** A process sends each command twice, under two ids. */
    SENT_AGAIN(Map.of());

    @SuppressWarnings("ImmutableEnumChecker") // made by Map.of
    private final Map<String, String> settings;

    Mutant(Map<String, String> settings) {
        this.settings = settings;
    }

    /** As on the command line: {@code dedupe-off}. */
    static Mutant named(String name) {
        return Arrays.stream(values())
                .filter(mutant -> mutant.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no mutant '%s'".formatted(name)));
    }

    /** In which it shows: the command service is the mutant where clients send all kinds, else the process service. */
    public Scenario scenario() {
        return switch (this) {
            case DEDUPE_OFF, VERSION_CHECK_OFF, STATE_THROUGH_TOPIC, RESTORE_BEFORE_FENCING, UNDONE_AFTER_COMMIT ->
                Scenario.COMMANDS;
            case FRESH_PROCESS_IDS, SENT_AGAIN -> Scenario.TRANSFERS;
        };
    }

    /** By which it shows. */
    public Disturbance disturbance() {
        return this == RESTORE_BEFORE_FENCING ? Disturbance.ZOMBIES : Disturbance.NONE;
    }

    /** For the service's JVM. */
    public List<String> jvmOptions() {
        return List.of("-D%s=%s".formatted(MutantService.PROPERTY, this));
    }

    /** For the service. */
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
