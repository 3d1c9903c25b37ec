package dev.annals.operations.verify;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.RegistryState;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.InstalledDomains.InstalledView;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.ServiceClient;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Verification that what is served is what the events say: folds all events anew, without any store of the services,
 * and compares. Services may go on meanwhile. Keeps a row for each key and a state for each aggregate in memory. For
 * one thread.
 *
 * @param queries the query service, asked for where a view is verified
 * @param moreOnViews where people find out more of the state of views, for messages
 */
public record Verification(
        KafkaAccess kafka,
        InstalledDomains domains,
        Supplier<ServiceClient> queries,
        String moreOnViews,
        Limits limits) {

    /**
     * How far a verification goes.
     *
     * @param settle so long may what differs take to agree
     * @param differences so many are kept, the first of each report
     * @param idsKept how long a command id keeps a repeat from taking effect, as the command service has it
     */
    public record Limits(Duration settle, int differences, Duration idsKept) {}

    /**
     * What came of comparing the states of a type, which the command services hold.
     *
     * @param ofOtherCode how many are of another version of the decider, and are made anew before the next command
     */
    public record StateReport(Comparison states, int ofOtherCode) {}

    /**
     * What came of comparing the rows of a view, which the query service serves.
     *
     * @param generation that was live at the end
     * @param events how many were folded
     * @param remarks what a reader must know to judge the result, for people
     */
    public record ViewReport(String view, int generation, long events, Comparison rows, List<String> remarks) {
        public ViewReport {
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * What a verification has found, of what has the name; at least one of the three is there.
     *
     * @param states null also where no command service has decided yet
     */
    public record Verified(
            @Nullable TypeReport type,
            @Nullable StateReport states,
            @Nullable ViewReport view) {

        public boolean isEqual() {
            return (type == null || type.isRight())
                    && (states == null || states.states().isEqual())
                    && (view == null || view.rows().isEqual());
        }
    }

    /**
     * Verifies an aggregate type, a view, or both where they have the same name.
     *
     * @throws OperationFailedException if there is neither, or it can't be compared
     */
    public Verified run(String name) {
        AggregateBinding<?, ?, ?> type = domains.types().get(name);
        InstalledView view = domains.views().get(name);
        if (type == null && view == null) {
            throw new OperationFailedException(
                    "there is no view %s and no such type; there are the views %s and the types %s"
                            .formatted(
                                    name,
                                    String.join(", ", domains.views().keySet()),
                                    String.join(", ", domains.types().keySet())));
        }
        try (Broker broker = new Broker(kafka)) {
            TypeReport typeReport =
                    type == null ? null : new TypeCheck(kafka, limits.idsKept()).run(type, limits.differences(), null);
            ViewReport viewReport = view == null ? null : verify(view, broker);
            // Where no command service has run there are no states yet.
            StateReport stateReport =
                    type == null || !broker.topics().contains(CommandTopology.changelog(kafka.topics(), name))
                            ? null
                            : StateCheck.run(type, kafka, limits.settle(), limits.differences());
            return new Verified(typeReport, stateReport, viewReport);
        }
    }

    private ViewReport verify(InstalledView installed, Broker broker) {
        String name = installed.view().name();
        ServedView served = new ServedView(queries.get(), name, moreOnViews);
        RegistryState notes = broker.notes();
        ViewId generation = live(name, notes).view();
        try (FoldedView folded = new FoldedView(
                        installed, domains, kafka, place -> notes.skip(generation, place) != null, served::beside);
                PartitionReader events = new PartitionReader(kafka, folded.topics())) {
            return new ViewCheck(installed.view(), folded, served, events, () -> live(name, broker.notes()))
                    .run(limits.settle(), limits.differences());
        }
    }

    private Generation live(String view, RegistryState notes) {
        Generation live = notes.generations().live(view);
        if (live == null) {
            throw new OperationFailedException(
                    "view %s has no generation that is read yet; does a projector run? see: %s"
                            .formatted(view, moreOnViews));
        }
        return live;
    }
}
