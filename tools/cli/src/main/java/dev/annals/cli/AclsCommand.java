package dev.annals.cli;

import dev.annals.operations.InstalledDomains;
import dev.annals.operations.acls.AclFormat;
import dev.annals.operations.acls.AclPlan;
import dev.annals.operations.acls.AclPlan.PlannedAcl;
import dev.annals.operations.acls.Role;
import dev.annals.service.Settings;
import dev.annals.service.TopicSettings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code annals acls}: the rights that the principals of an installation need, for who gives them. */
@Command(
        name = "acls",
        sortOptions = false,
        description = {
            "Lists the rights that each principal of an installation needs in its cluster; asks no broker.",
            "With --print: what gives them. Principals: of each service (command, process, projector, query), of who "
                    + "sends commands to topics (importer), of who runs these commands (operator), of who reads rows "
                    + "from topics (reader). Nobody else needs any."
        },
        footer = {
            "",
            "Example: annals acls --print --config command.properties | BOOTSTRAP=broker:9092 sh",
            "Where annals topics --print has made the topics: annals acls --print --topics-exist",
            "Exit code: 0; 2 wrong usage."
        })
final class AclsCommand extends Action implements Callable<Integer> {

    private static final String ANY_BROKER = "\"$BOOTSTRAP\"";

    /** With a type behind it: its old events are erased. A setting of the command service. */
    private static final String RETENTION = "annals.command.retention.";

    /** A setting of the query service, which keeps no states of the past without it. */
    private static final String SNAPSHOTS = "annals.query.snapshot.every";

    private static final int MOST_EVENTS = 1_000_000;

    @Option(names = "--print", description = "Print what gives them, instead of a table")
    private boolean print;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "kafka",
            description = "kafka: lines of kafka-acls.sh; strimzi: KafkaUser resources; terraform: resources of "
                    + "Mongey/kafka (default: ${DEFAULT-VALUE})")
    private AclFormat format = AclFormat.KAFKA;

    @Option(
            names = "--strimzi-cluster",
            paramLabel = "NAME",
            defaultValue = "kafka",
            description = "Name of the Strimzi cluster (default: ${DEFAULT-VALUE})")
    private String cluster = "";

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "Only those of this role; may be repeated (${COMPLETION-CANDIDATES})")
    private List<Role> roles = List.of();

    @Option(
            names = "--principal",
            paramLabel = "ROLE=PRINCIPAL",
            description = "Who has a role (default: User:annals-ROLE); may be repeated")
    private Map<Role, String> principals = new LinkedHashMap<>();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "*",
            description = "From where they connect (default: any)")
    private String host = "";

    @Option(
            names = "--topics-exist",
            description = "No right to make topics: somebody else does (annals topics --print). As with "
                    + "annals.topics.create=false")
    private boolean topicsExist;

    @Mixin
    private final TopicOptions topics = new TopicOptions();

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final PrefixOption prefix = new PrefixOption();

    @Override
    public Integer call() {
        principals.values().forEach(this::requirePrincipal);
        AclPlan plan = plan();
        List<Role> wanted = roles.isEmpty() ? Arrays.asList(Role.values()) : roles;
        List<PlannedAcl> acls =
                wanted.stream().flatMap(role -> plan.of(role).stream()).toList();
        if (print && !output.isJson()) {
            wanted.forEach(role -> print(plan.of(role)));
        } else {
            output.print(acls, table(acls));
        }
        return 0;
    }

    private AclPlan plan() {
        Settings all = topics.all();
        TopicSettings settings = topics.settings(all);
        InstalledDomains domains = InstalledDomains.load(target.domainJars());
        Set<String> expiring = domains.types().keySet().stream()
                .filter(type -> all.text(RETENTION + type) != null)
                .collect(Collectors.toSet());
        return new AclPlan(
                AclPlan.rights(prefix.topics(target), topicsExist ? settings.withoutCreation() : settings, domains),
                expiring,
                all.integer(SNAPSHOTS, 0, 0, MOST_EVENTS) > 0,
                principals,
                host);
    }

    /** It goes into lines for a shell as it is. */
    private void requirePrincipal(String principal) {
        if (!principal.matches("[A-Za-z]+:[^'\"\\\\\\s]+")) {
            throw output.wrong("--principal %s: expected a type and a name such as User:annals".formatted(principal));
        }
    }

    private void print(List<PlannedAcl> acls) {
        try {
            output.block(format.text(acls, format == AclFormat.STRIMZI ? cluster : ANY_BROKER));
        } catch (IllegalArgumentException e) {
            throw output.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static List<String> table(List<PlannedAcl> acls) {
        return Columns.of(
                List.of("role", "principal", "operation", "resource", "name", "pattern"),
                acls.stream().map(AclsCommand::row).toList());
    }

    private static List<String> row(PlannedAcl acl) {
        return List.of(
                acl.role().code(),
                acl.principal(),
                word(acl.operation()),
                word(acl.resource()),
                acl.name(),
                word(acl.pattern()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
