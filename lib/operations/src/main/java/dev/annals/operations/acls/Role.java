package dev.annals.operations.acls;

import dev.annals.service.kafka.Right;
import dev.annals.service.kafka.ServiceRights;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Who has rights in an installation's cluster. Nobody else needs any. */
public enum Role {
    COMMAND,
    PROCESS,
    PROJECTOR,
    QUERY,
    /** Sends commands to their topics, and reads the results. */
    IMPORTER,
    /** Runs the commands of {@code annals}. */
    OPERATOR,
    /** Reads rows from the topics of views, in groups whose names begin with {@code annals-reader}. */
    READER;

    /** As options and reports have it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String defaultPrincipal() {
        return "User:annals-" + code();
    }

    /**
     * What it needs.
     *
     * @param expiring aggregate types whose old events are erased
     * @param snapshots whether query services keep states of the past
     */
    List<Right> rights(ServiceRights all, Set<String> expiring, boolean snapshots) {
        return switch (this) {
            case COMMAND -> all.ofCommandService(expiring);
            case PROCESS -> all.ofProcessService();
            case PROJECTOR -> all.ofProjector();
            case QUERY -> all.ofQueryService(snapshots);
            case IMPORTER -> all.ofImporter();
            case OPERATOR -> all.ofOperator();
            case READER -> all.ofReader();
        };
    }

    @Override
    public String toString() {
        return code();
    }
}
