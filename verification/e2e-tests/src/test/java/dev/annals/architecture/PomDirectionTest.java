package dev.annals.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.architecture.Modules.Module;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PomDirectionTest {

    @ParameterizedTest
    @MethodSource("modules")
    void a_module_declares_only_modules_below_it(Module module) throws IOException {
        assertThat(violations(module)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "schemas, annals-engine, compile",
        "lib/api, annals-schemas, compile",
        "lib/api, annals-engine, runtime",
        "lib/registry-serde, annals-schemas, compile",
        "lib/registry-serde, annals-embedded, compile",
        "lib/engine, annals-domain-orders, compile",
        "lib/engine, annals-testkit, compile",
        "lib/testkit, annals-embedded, compile",
        "lib/testkit, annals-test-support, runtime",
        "lib/service-kit, annals-command-service, compile",
        "lib/service-kit, annals-domain-orders, runtime",
        "tools/embedded, annals-test-support, test",
        "domains/orders, annals-engine, compile",
        "domains/orders, annals-domain-accounts, compile",
        "domains/accounts, annals-domain-orders, compile",
        "domains/accounts, annals-domain-seats, compile",
        "domains/seats, annals-domain-claims, compile",
        "domains/orders, annals-service-kit, runtime",
        "domains/orders, annals-testkit, provided",
        "command-service, annals-query-service, compile",
        "command-service, annals-query-service, test",
        "command-service, annals-domain-orders, compile",
        "query-service, annals-quickstart, runtime",
        "lib/operations, annals-domain-orders, compile",
        "lib/operations, annals-domain-orders, runtime",
        "lib/operations, annals-query-service, compile",
        "lib/operations, annals-imports, compile",
        "lib/operations, annals-quickstart, compile",
        "lib/operations, annals-cli, test",
        "tools/imports, annals-cli, compile",
        "tools/imports, annals-quickstart, compile",
        "tools/quickstart, annals-operations, compile",
        "tools/quickstart, annals-cli, compile",
        "tools/quickstart, annals-test-support, compile",
        "tools/cli, annals-domain-orders, compile",
        "tools/cli, annals-e2e-tests, test",
        "tools/cli, annals-containers, test",
        "tools/cli, annals-benchmarks, runtime",
        "verification/benchmarks, annals-e2e-tests, compile",
        "tools/cli, annals-history-checker, runtime",
        "lib/service-kit, annals-operations, compile",
        "verification/history-checker, annals-quickstart, compile",
        "verification/e2e-tests, annals-of-nowhere, test"
    })
    void a_dependency_upwards_or_sideways_is_found(String module, String artifact, String scope) throws IOException {
        Pom pom = pom("dev.annals", artifact, scope);

        assertThat(violations(Module.of(module, pom)))
                .containsExactly("%s must not depend on %s with scope %s".formatted(module, artifact, scope));
    }

    @Test
    void a_library_in_a_domain_or_in_the_api_is_found() throws IOException {
        Pom pom = pom("org.apache.kafka", "kafka-clients", "compile");

        assertThat(violations(Module.of("domains/orders", pom))).hasSize(1);
        assertThat(violations(Module.of("lib/api", pom))).hasSize(1);
        assertThat(violations(Module.of("lib/engine", pom))).isEmpty();
    }

    @Test
    void a_module_without_a_place_is_found() throws IOException {
        Pom pom = pom("dev.annals", "annals-engine", "compile");

        assertThatThrownBy(() -> Module.of("helpers", pom)).hasMessageContaining("module helpers has no place");
    }

    static List<Module> modules() throws IOException {
        return List.copyOf(Modules.read().byArtifact().values());
    }

    private static List<String> violations(Module module) throws IOException {
        return new DeclaredDependencies(Modules.read().byArtifact()).violations(module);
    }

    private static Pom pom(String group, String artifact, String scope) throws IOException {
        return Pom.parse("""
                <project>
                  <artifactId>annals-sample</artifactId>
                  <dependencies>
                    <dependency>
                      <groupId>%s</groupId>
                      <artifactId>%s</artifactId>
                      <scope>%s</scope>
                    </dependency>
                  </dependencies>
                </project>
                """.formatted(group, artifact, scope));
    }
}
