package dev.annals.checker.mutant;

import dev.annals.command.CommandService;

/** Runs the command service as a mutant; the system property {@value #PROPERTY} says which. */
public final class MutantService {

    static final String PROPERTY = "annals.checker.mutant";

    private MutantService() {}

    public static void main(String[] args) {
        if (Mutant.named(System.getProperty(PROPERTY, "")) == Mutant.STATE_THROUGH_TOPIC) {
            Thread.currentThread().setContextClassLoader(new LaggingDomains());
        }
        CommandService.main(args);
    }
}
