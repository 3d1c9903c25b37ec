package dev.annals.operations.verify;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.RegistryState;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.InstalledDomains.InstalledView;
import dev.annals.operations.Instances;
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
 * @param queries the query service, asked for where a view or a process is verified
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
     * What came of comparing the states of a type, which the command services publish.
     *
     * @param ofOtherCode how many are of another version of the decider, and were not compared
     * @param unpublished aggregates of which no state was there to compare, or none whose events all are
     */
    public record StateReport(Comparison states, int ofOtherCode, long unpublished) {}

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
     * What came of folding the journals of a process.
     *
     * @param unfoldable instances that can't be folded, with why
     * @param instances that were folded, compared with those that the query service serves
     */
    public record ProcessReport(TypeReport journals, List<TypeReport.Finding> unfoldable, Comparison instances) {
        public ProcessReport {
            unfoldable = List.copyOf(unfoldable);
        }

        public boolean isRight() {
            return journals.isRight() && unfoldable.isEmpty() && instances.isEqual();
        }
    }

    /**
     * What a verification has found, of what has the name; at least one of them is there.
     *
     * @param states null also where no command service has decided yet
     */
    public record Verified(
            @Nullable TypeReport type,
            @Nullable StateReport states,
            @Nullable ViewReport view,
            @Nullable ProcessReport process) {

        public boolean isEqual() {
            return (type == null || type.isRight())
                    && (states == null || states.states().isEqual())
                    && (view == null || view.rows().isEqual())
                    && (process == null || process.isRight());
        }
    }

    /**
     * Verifies an aggregate type, a view or a process, or more than one where they have the same name.
     *
     * @throws OperationFailedException if there is none, or it can't be compared
     */
    public Verified run(String name) {
        AggregateBinding<?, ?, ?> type = domains.types().get(name);
        InstalledView view = domains.views().get(name);
        ProcessBinding<?> process = domains.processes().get(name);
        if (type == null && view == null && process == null) {
            throw new OperationFailedException(
                    "there is no view %s and no such type or process; there are the views %s, the types %s and the processes %s"
                            .formatted(
                                    name,
                                    String.join(", ", domains.views().keySet()),
                                    String.join(", ", domains.types().keySet()),
                                    domains.processes().isEmpty()
                                            ? "(none)"
                                            : String.join(
                                                    ", ", domains.processes().keySet())));
        }
        try (Broker broker = new Broker(kafka)) {
            TypeReport typeReport =
                    type == null ? null : new TypeCheck(kafka, limits.idsKept()).run(type, limits.differences(), null);
            ViewReport viewReport = view == null ? null : verify(view, broker);
            // Where no command service has run there are no states yet.
            StateReport stateReport =
                    type == null || !broker.topics().contains(kafka.topics().states(name))
                            ? null
                            : StateCheck.run(type, kafka, limits.differences());
            ProcessReport processReport = process == null
                    ? null
                    : new ProcessCheck(kafka, process, new Instances(queries.get(), name), limits).run();
            return new Verified(typeReport, stateReport, viewReport, processReport);
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
