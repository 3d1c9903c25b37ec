package dev.annals.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.annals.architecture.Modules.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodeDirectionTest {

    private static Modules modules;
    private static JavaClasses ours;

    @TempDir
    private Path folder;

    @BeforeAll
    static void read() throws IOException {
        modules = Modules.read();
        ours = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.annals");
    }

    @Test
    void the_classes_of_every_module_with_code_are_seen() {
        List<String> expected = modules.byArtifact().values().stream()
                .filter(module -> module.layer() != Layer.BENCHMARKS) // depends on the others, nothing on it
                .filter(module ->
                        Files.isDirectory(modules.root().resolve(module.path()).resolve("src/main/java")))
                .map(module -> "dev.annals." + module.name())
                .toList();

        assertThat(expected).contains("dev.annals.engine", "dev.annals.orders", "dev.annals.query");
        assertThat(expected)
                .allSatisfy(name ->
                        assertThat(ours).anyMatch(type -> type.getPackageName().startsWith(name)));
    }

    @Test
    void modules_use_only_modules_below_them() {
        CodeRules.direction(modules).check(ours);
    }

    @Test
    void domains_use_only_the_jdk_the_api_and_the_domains_that_their_poms_name() {
        assertThat(modules.in(Layer.DOMAIN)).isNotEmpty();
        for (Module domain : modules.in(Layer.DOMAIN)) {
            CodeRules.purity(domain, modules.joinedBy(domain)).check(ours);
        }
    }

    @Test
    void the_api_uses_only_the_jdk_and_itself() {
        CodeRules.purityOfApi().check(ours);
    }

    @Test
    void the_command_line_and_the_operations_use_no_domain() {
        CodeRules.noDomain(modules.in(Layer.DOMAIN)).check(ours);
    }

    @Test
    void packages_have_no_cycles() {
        CodeRules.noCycles().check(ours);
    }

    @Test
    void background_threads_are_supervised() {
        CodeRules.supervisedThreads().check(ours);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new Thread(() -> {})",
                "Thread.startVirtualThread(() -> {})",
                "Thread.ofPlatform().daemon().start(() -> {})",
                "Thread.ofVirtual().factory()",
                "java.util.concurrent.Executors.newCachedThreadPool()"
            })
    void a_thread_that_nobody_supervises_is_found(String start) throws IOException {
        Path source = Files.writeString(
                folder.resolve("Follower.java"),
                "package dev.annals.query.rows; class Follower { Object follow() { return %s; } }".formatted(start));

        assertThat(CodeRules.supervisedThreads()
                        .evaluate(compiled(List.of(source)))
                        .getFailureReport()
                        .getDetails())
                .isNotEmpty();
    }

    @Test
    void code_that_looks_upwards_or_sideways_is_found() throws IOException {
        assertEachIsFound(
                CodeRules.direction(modules),
                new Use("schemas", "dev.annals.api.Domain"),
                new Use("serde", "dev.annals.schemas.SchemaCatalog"),
                new Use("embedded", "dev.annals.schemas.SchemaCatalog"),
                new Use("api", "dev.annals.engine.kafka.Topics"),
                new Use("engine", "dev.annals.service.Domains"),
                new Use("engine", "dev.annals.orders.Order"),
                new Use("testkit", "dev.annals.testsupport.RealData"),
                new Use("testkit", "dev.annals.embedded.BrokerProcess"),
                new Use("orders", "dev.annals.accounts.Account"),
                new Use("accounts", "dev.annals.orders.Order"),
                new Use("accounts", "dev.annals.seats.Conference"),
                new Use("seats", "dev.annals.claims.ClaimIds"),
                new Use("flights", "dev.annals.flightidentities.Gufi"),
                new Use("orders", "dev.annals.schemas.SchemaCatalog"),
                new Use("service", "dev.annals.orders.Order"),
                new Use("service", "dev.annals.testkit.DeciderKit"),
                new Use("command", "dev.annals.query.QueryService"),
                new Use("command", "dev.annals.orders.Order"),
                new Use("quickstart", "dev.annals.testkit.DeciderKit"),
                new Use("operations", "dev.annals.orders.Order"),
                new Use("operations", "dev.annals.imports.Import"),
                new Use("operations", "dev.annals.query.QueryService"),
                new Use("imports", "dev.annals.cli.AnnalsMain"),
                new Use("service", "dev.annals.operations.OperationFailedException"),
                new Use("cli", "dev.annals.orders.Order"),
                new Use("cli", "dev.annals.accounts.Account"),
                new Use("cli", "dev.annals.testkit.DeciderKit"),
                new Use("unknown", "dev.annals.api.Domain"));
    }

    @Test
    void a_domain_that_is_not_pure_is_found() throws IOException {
        assertEachIsFound(
                purity("annals-domain-orders"),
                new Use("orders", "dev.annals.engine.kafka.Topics"),
                new Use("orders", "dev.annals.accounts.Account"),
                new Use("orders", "org.apache.kafka.common.serialization.Serde"),
                new Use("orders", "org.apache.avro.Schema"),
                new Use("orders", "org.slf4j.Logger"),
                new Use("orders", "javax.xml.parsers.DocumentBuilder"));
        assertEachIsFound(
                purity("annals-domain-seats"),
                new Use("seats", "dev.annals.claims.ClaimIds"),
                new Use("seats", "dev.annals.engine.kafka.Topics"));
    }

    @Test
    void a_domain_may_use_those_that_its_pom_names() throws IOException {
        JavaClasses seats = compiled(List.of(write("User", new Use("seats", "dev.annals.accounts.Account"))));

        assertThat(purity("annals-domain-seats").evaluate(seats).hasViolation()).isFalse();
        assertThat(CodeRules.direction(modules).evaluate(seats).hasViolation()).isFalse();
    }

    private static ArchRule purity(String artifact) {
        Module domain = modules.byArtifact().get(artifact);
        return CodeRules.purity(domain, modules.joinedBy(domain));
    }

    @Test
    void an_api_that_is_not_pure_is_found() throws IOException {
        assertEachIsFound(
                CodeRules.purityOfApi(),
                new Use("api", "org.apache.avro.Schema"),
                new Use("api", "dev.annals.engine.avro.RecordBinding"),
                new Use("api.inner", "org.apache.kafka.common.serialization.Serde"));
    }

    @Test
    void a_tool_that_uses_a_domain_is_found() throws IOException {
        assertEachIsFound(
                CodeRules.noDomain(modules.in(Layer.DOMAIN)),
                new Use("cli", "dev.annals.orders.Order"),
                new Use("cli", "dev.annals.accounts.AccountsDomain"),
                new Use("cli", "dev.annals.seats.SeatsDomain"),
                new Use("operations.verify", "dev.annals.accounts.Account"));
    }

    @Test
    void packages_that_need_each_other_are_found() throws IOException {
        assertEachIsFound(
                CodeRules.noCycles(),
                new Use("engine.first", "dev.annals.engine.second.User1"),
                new Use("engine.second", "dev.annals.engine.first.User0"));
    }

    /** A class that is compiled for the test, in a package of ours, with a field of another class. */
    private record Use(String packageName, String used) {}

    private void assertEachIsFound(ArchRule rule, Use... uses) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (int i = 0; i < uses.length; i++) {
            sources.add(write("User" + i, uses[i]));
        }
        String found = String.join(
                "\n", rule.evaluate(compiled(sources)).getFailureReport().getDetails());

        for (int i = 0; i < uses.length; i++) {
            assertThat(found).contains("dev.annals.%s.User%d.used".formatted(uses[i].packageName, i));
        }
    }

    private Path write(String name, Use use) throws IOException {
        Path file = folder.resolve(use.packageName).resolve(name + ".java");
        Files.createDirectories(file.getParent());
        return Files.writeString(
                file, "package dev.annals.%s; public class %s { %s used; }".formatted(use.packageName, name, use.used));
    }

    /** Class files of this JDK's own version, the newest that the rules have to read. */
    private JavaClasses compiled(List<Path> sources) {
        Path classes = folder.resolve("classes");
        List<String> arguments = new ArrayList<>(List.of("-d", classes.toString()));
        sources.forEach(source -> arguments.add(source.toString()));
        int failed = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));

        assertThat(failed).as("javac's exit code").isZero();
        return new ClassFileImporter().importPath(classes);
    }
}
