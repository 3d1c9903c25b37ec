package dev.annals.cli;

import dev.annals.engine.kafka.Instruction;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who has an operation done, and why. */
final class InstructionOptions {

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why, for those who ask later: it is kept with what is written")
    private String reason = "";

    @Option(
            names = "--actor",
            paramLabel = "NAME",
            description = "Who says so; it is kept likewise (default: the user who runs this)")
    private @Nullable String actor;

    Instruction instruction(Output output) {
        String who = Objects.requireNonNullElseGet(actor, () -> System.getProperty("user.name", "unknown"));
        if (reason.isBlank()) {
            throw output.wrong("--reason is empty: say why, for those who ask later");
        }
        if (!Instruction.isValid(reason)) {
            throw output.wrong("--reason: expected " + Instruction.RULE);
        }
        if (!Instruction.isValid(who)) {
            throw output.wrong("--actor: expected " + Instruction.RULE);
        }
        return new Instruction(who, reason, Instant.now());
    }
}
