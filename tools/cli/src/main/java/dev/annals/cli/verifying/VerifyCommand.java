package dev.annals.cli.verifying;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.api.View;
import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.client.QueryAddress;
import dev.annals.cli.client.ServiceClient;
import dev.annals.cli.client.Target;
import dev.annals.cli.domains.InstalledDomains;
import dev.annals.cli.domains.InstalledDomains.InstalledView;
import dev.annals.cli.kafka.CommittedReader;
import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.cli.kafka.KafkaOptions;
import dev.annals.cli.kafka.NoteTopic;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandTopology;
import dev.annals.engine.notes.Generation;
import dev.annals.engine.notes.ViewId;
import dev.annals.engine.notes.ViewNotes;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code annals verify}: proves that what is served equals what the events say. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Proves that what is served is what the events say.",
            "Of a view: folds all its events anew, without any of its stores, and compares all rows with those that "
                    + "the query service serves: how many, a hash of each side, and the first differences.",
            "Of an aggregate type: reads all events, and says whether versions are complete, whether each command is "
                    + "there once with its events together, and whether the states of the command services are what "
                    + "the events say. Prints a hash of all events. A name of both means both."
        },
        footer = {
            "",
            "Example: annals verify country-sales",
            "Services may go on meanwhile: a row counts as different only if it stays so. Equal contents have equal "
                    + "hashes, also in another installation. Keeps a row for each key and each aggregate in memory.",
            "Exit code: 0 equal and right; 1 different, or it can't be compared; 2 wrong usage."
        })
public final class VerifyCommand implements Callable<Integer> {

    private static final int MAX_SETTLE_SECONDS = 3_600;
    private static final int MAX_DIFFERENCES = 10_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "VIEW|TYPE", description = "For instance country-sales, or orders")
    private String name = "";

    @Option(
            names = "--settle",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long rows that differ may take to agree (default: ${DEFAULT-VALUE})")
    private int settleSeconds;

    @Option(
            names = "--differences",
            paramLabel = "N",
            defaultValue = "10",
            description = "Show the first so many, by key (default: ${DEFAULT-VALUE})")
    private int differences;

    @Option(
            names = "--ids-kept",
            paramLabel = "HOURS",
            defaultValue = "24",
            description =
                    "How long a command id keeps a repeat from taking effect, as the command service has it (default: ${DEFAULT-VALUE})")
    private int idsKeptHours;

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private final QueryAddress queries = new QueryAddress();

    @Option(names = "--json", description = "Print one JSON value in one line, for machines")
    private boolean json;

    @Override
    public Integer call() {
        require("--settle", settleSeconds, MAX_SETTLE_SECONDS);
        require("--differences", differences, MAX_DIFFERENCES);
        require("--ids-kept", idsKeptHours, Integer.MAX_VALUE);
        InstalledDomains domains = InstalledDomains.load(target.domainJars());
        AggregateBinding<?, ?, ?> type = domains.type(name);
        InstalledView view = domains.view(name);
        if (type == null && view == null) {
            throw new CommandFailureException(
                    "there is no view %s and no such type; there are the views %s and the types %s"
                            .formatted(
                                    name,
                                    String.join(", ", domains.viewNames()),
                                    String.join(", ", domains.typeNames())),
                    null);
        }
        KafkaAccess access = kafka.access(target);
        TypeReport typeReport =
                type == null ? null : new TypeCheck(access, Duration.ofHours(idsKeptHours)).run(type, differences);
        ViewReport viewReport = view == null ? null : verify(view, domains, access);
        StateReport stateReport = type == null || !decides(access)
                ? null
                : StateCheck.run(type, access, Duration.ofSeconds(settleSeconds), differences);
        boolean equal = (typeReport == null || typeReport.isRight())
                && (stateReport == null || stateReport.isEqual())
                && (viewReport == null || viewReport.isEqual());
        print(equal, typeReport, stateReport, viewReport);
        return equal ? 0 : 1;
    }

    private void require(String option, int value, int most) {
        if (value < 0 || value > most) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "%s %d: expected 0 to %d".formatted(option, value, most));
        }
    }

    private ViewReport verify(InstalledView view, InstalledDomains domains, KafkaAccess access) {
        ServedView served = new ServedView(queries.client(target), name, target.hint("views"));
        ViewNotes notes = new NoteTopic(access, CommittedReader.ANSWER_LIMIT).read();
        ViewId generation = live(view.view(), notes).view();
        try (FoldedView folded = new FoldedView(
                        view, domains, access, place -> notes.skip(generation, place) != null, served::beside);
                CommittedReader events = new CommittedReader(access, folded.topics())) {
            return new ViewCheck(
                            view.view(),
                            folded,
                            served,
                            events,
                            () -> live(view.view(), new NoteTopic(access, CommittedReader.ANSWER_LIMIT).read()),
                            System::nanoTime)
                    .run(Duration.ofSeconds(settleSeconds), differences);
        }
    }

    private Generation live(View<?, ?> view, ViewNotes notes) {
        Generation live = notes.generations().live(name);
        if (live == null) {
            throw new CommandFailureException(
                    "view %s has no generation that is read yet; does a projector run? see: %s"
                            .formatted(view.name(), target.hint("views")),
                    null);
        }
        return live;
    }

    /** Whether command services have run here: else there are no states yet. */
    private boolean decides(KafkaAccess access) {
        try (var consumer = access.newConsumer()) {
            return consumer.listTopics(CommittedReader.ANSWER_LIMIT)
                    .containsKey(CommandTopology.changelog(access.topics(), name));
        }
    }

    private void print(
            boolean equal, @Nullable TypeReport type, @Nullable StateReport states, @Nullable ViewReport view) {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            ObjectNode all = JsonNodeFactory.instance.objectNode();
            all.put("equal", equal);
            all.set("type", type == null ? null : type.json());
            all.set("states", states == null ? null : states.json());
            all.set("view", view == null ? null : view.json());
            out.println(ServiceClient.compact(all));
        } else {
            if (type != null) {
                type.print(out);
            }
            if (states != null) {
                states.print(out);
            }
            if (view != null) {
                view.print(out);
            }
        }
        out.flush();
    }
}
