package dev.annals.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaConstructor.CONSTRUCTOR_NAME;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.annals.architecture.Modules.Module;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Stream;

/** The rules for what the code of a module may use, whatever its pom brings with it. */
final class CodeRules {

    private static final String OURS = "dev.annals.";
    private static final String[] WHAT_AUTHORS_SEE = {"java..", "org.jspecify.annotations..", "dev.annals.api"};

    private static final String[] SERVICES = {
        "dev.annals.engine..",
        "dev.annals.lanes..",
        "dev.annals.service..",
        "dev.annals.command..",
        "dev.annals.projector..",
        "dev.annals.query.."
    };

    private static final Set<String> MAY_START_THREADS = Set.of(
            "Worker",
            "WorkLoop",
            "CommandEngine",
            "Service",
            "StreamsHost",
            "CommandRoutes",
            "BulkReading",
            "QueryApi",
            "WaitingRequests",
            "LiveEvents",
            "LiveReaders");

    private CodeRules() {}

    /** Modules use modules below them; of their own layer none, but for domains that the pom of a domain names. */
    static ArchRule direction(Modules modules) {
        Map<String, Module> byName = modules.byName();
        return classes()
                .that(describe("are ours", CodeRules::isOurs))
                .should(new ArchCondition<>("use only modules below their own") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        type.getDirectDependenciesFromSelf().stream()
                                .filter(dependency -> isOurs(dependency.getTargetClass()))
                                .filter(dependency -> !isAllowed(dependency, modules, byName))
                                .forEach(dependency ->
                                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
                    }
                });
    }

    /**
     * A domain is pure: the same as a user's own, it knows nothing of Kafka, Avro or HTTP.
     *
     * @param joined the domains that its pom names
     */
    static ArchRule purity(Module domain, List<Module> joined) {
        return onlyWhatAuthorsSee(OURS + domain.name() + "..", packages(joined));
    }

    /** What authors write against is as pure as what they write. */
    static ArchRule purityOfApi() {
        return onlyWhatAuthorsSee("dev.annals.api..", new String[0]);
    }

    /** The command line and its operations work with whatever domains an installation has. */
    static ArchRule noDomain(List<Module> domains) {
        return noClasses()
                .that()
                .resideInAnyPackage("dev.annals.cli..", "dev.annals.operations..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(domains));
    }

    private static String[] packages(List<Module> modules) {
        return modules.stream().map(module -> OURS + module.name() + "..").toArray(String[]::new);
    }

    /**
     * A thread of a service that nobody supervises can end in silence, so background work runs on {@code Worker}s. The
     * others that start threads are those whose threads end with one request, one bulk build, one restart or the
     * process.
     */
    static ArchRule supervisedThreads() {
        return noClasses()
                .that()
                .resideInAnyPackage(SERVICES)
                .and(describe("are none that may start threads", type -> !MAY_START_THREADS.contains(outermost(type))))
                .should()
                .accessTargetWhere(describe("it starts a thread", CodeRules::startsThread));
    }

    private static boolean startsThread(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getTarget().getName();
        if (owner.isAssignableTo(Thread.class)) {
            return Set.of(CONSTRUCTOR_NAME, "startVirtualThread").contains(name);
        }
        return owner.isEquivalentTo(Executors.class)
                || Stream.of(Thread.Builder.class, ThreadPoolExecutor.class, Timer.class)
                        .anyMatch(owner::isAssignableTo);
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(CodeRules::outermost).orElseGet(type::getSimpleName);
    }

    /** No two packages need each other. */
    static ArchRule noCycles() {
        return slices().matching("dev.annals.(**)").should().beFreeOfCycles();
    }

    private static ArchRule onlyWhatAuthorsSee(String own, String[] joined) {
        DescribedPredicate<JavaClass> allowed = resideInAnyPackage(own)
                .or(resideInAnyPackage(WHAT_AUTHORS_SEE))
                .or(resideInAnyPackage(joined))
                .as("the JDK, the API and " + List.of(joined));
        return classes().that().resideInAnyPackage(own).should().onlyDependOnClassesThat(allowed);
    }

    private static boolean isAllowed(Dependency dependency, Modules modules, Map<String, Module> byName) {
        String from = module(dependency.getOriginClass());
        String to = module(dependency.getTargetClass());
        if (from.equals(to)) {
            return true;
        }
        Module user = byName.get(from);
        Module used = byName.get(to);
        return user != null
                && used != null
                && (user.layer().mayUse(used.layer()) || modules.joinedBy(user).contains(used));
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith(OURS);
    }

    private static String module(JavaClass type) {
        return type.getPackageName().substring(OURS.length()).split("\\.", 2)[0];
    }
}
