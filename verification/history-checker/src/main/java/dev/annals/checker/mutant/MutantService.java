package dev.annals.checker.mutant;

import dev.annals.command.CommandService;
import dev.annals.process.ProcessService;

/** Runs a service as a mutant; the system property {@value #PROPERTY} says which. */
public final class MutantService {

    static final String PROPERTY = "annals.checker.mutant";

    private MutantService() {}

    public static void main(String[] args) {
        Mutant mutant = Mutant.named(System.getProperty(PROPERTY, ""));
        switch (mutant) {
            case STATE_THROUGH_TOPIC -> load("lagging-domains");
            case SENT_AGAIN -> load("sent-again-domains");
            case RESTORE_BEFORE_FENCING -> LaneProducers.replace(RestoreBeforeFencing::new);
            case UNDONE_AFTER_COMMIT -> LaneProducers.replace(UndoneAfterCommit::new);
            case DEDUPE_OFF, VERSION_CHECK_OFF, FRESH_PROCESS_IDS -> {} // made by settings alone
        }
        switch (mutant.scenario()) {
            case COMMANDS -> CommandService.main(args);
            case TRANSFERS -> ProcessService.main(args);
        }
    }

    private static void load(String domains) {
        Thread.currentThread().setContextClassLoader(new OtherDomains(domains));
    }
}
