package dev.annals.cli;

import dev.annals.operations.InstalledDomains;
import dev.annals.operations.acls.OwnRights;
import dev.annals.operations.acls.Role;
import dev.annals.operations.doctor.Diagnosis;
import dev.annals.operations.doctor.Doctor;
import dev.annals.operations.kafka.KafkaAccess;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code annals doctor}: whether a cluster holds what an installation needs. */
@Command(
        name = "doctor",
        description = {
            "Tells what of a Kafka cluster and a schema registry will not hold.",
            "Looks at the topics of the installation, if there is one, by the rules that services have when they start; "
                    + "then does what services do, with topics, transactions, a group and a schema of its own, and "
                    + "removes them again: copies, settings that are taken, the time of a commit, clocks, rights, the "
                    + "registry's compatibility."
        },
        footer = {
            "",
            "Example: annals doctor --bootstrap broker:9092 --registry http://registry:8081",
            "Exit code: 0 services would work, perhaps with warnings; 1 they would not, or nothing answers; 2 wrong usage."
        })
final class DoctorCommand extends KafkaCommand implements Callable<Integer> {

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            defaultValue = "operator",
            description = "Whose rights to look for, of annals acls: ${COMPLETION-CANDIDATES} (default: "
                    + "${DEFAULT-VALUE})")
    private Role role = Role.OPERATOR;

    @Mixin
    private final TopicOptions topics = new TopicOptions();

    @Override
    public Integer call() {
        KafkaAccess access = kafka.access();
        InstalledDomains domains = InstalledDomains.load(kafka.target().domainJars());
        output.announce(kafka.target());
        Diagnosis diagnosis = new Doctor(
                        access,
                        topics.settings(),
                        List.copyOf(domains.types().keySet()),
                        List.copyOf(domains.processes().keySet()),
                        () -> new OwnRights(access, domains).missing(role))
                .run();
        output.print(Map.of("holds", diagnosis.holds(), "checks", diagnosis.checks()), table(diagnosis));
        return diagnosis.holds() ? 0 : 1;
    }

    private static List<String> table(Diagnosis diagnosis) {
        return Columns.of(
                List.of("check", "", ""),
                diagnosis.checks().stream()
                        .map(check -> List.of(check.name(), check.result().toString(), check.text()))
                        .toList());
    }
}
