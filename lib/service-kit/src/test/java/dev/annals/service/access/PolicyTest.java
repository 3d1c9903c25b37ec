package dev.annals.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.service.Domains;
import dev.annals.service.StartupException;
import dev.annals.service.TestDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which role may do what. */
class PolicyTest {

    private static final Action ADD = Action.command("counts", "Add");
    private static final Action READ = Action.read("counts");

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = folder.resolve("policy.properties");
    }

    private Policy policy(String... lines) throws IOException {
        Files.writeString(file, String.join("\n", lines));
        return Policy.read(file, Catalog.of(new Domains(List.of(new TestDomain("counts"), new TestDomain("sums")))));
    }

    private static Principal principal(String... roles) {
        return new Principal(
                "https://login.example", "ann", Instant.MAX, Map.of("app", Map.of("roles", List.of(roles))));
    }

    @Test
    void what_no_role_grants_is_denied() throws Exception {
        Policy policy = policy("roles.claim=app.roles", "role.adder=command:counts/Add", "role.reader=read:counts");

        assertThat(policy.allows(principal("adder"), ADD)).isTrue();
        assertThat(policy.allows(principal("adder"), READ)).isFalse();
        assertThat(policy.allows(principal("adder", "reader"), READ)).isTrue();
        assertThat(policy.allows(principal("adder"), Action.command("sums", "Add")))
                .isFalse();
        assertThat(policy.allows(principal(), ADD)).isFalse();
        assertThat(policy.allows(principal("Adder", "add", "*", ""), ADD)).isFalse();
        assertThat(policy.allows(null, ADD)).isFalse();
    }

    @Test
    void a_star_grants_all_that_begin_so() throws Exception {
        Policy policy = policy(
                "roles.claim=app.roles", "role.a=command:counts/*", "role.b=command:*", "role.c=*", "role.d=read:*");

        assertThat(policy.allows(principal("a"), ADD)).isTrue();
        assertThat(policy.allows(principal("a"), Action.command("sums", "Add"))).isFalse();
        assertThat(policy.allows(principal("b"), Action.command("sums", "Add"))).isTrue();
        assertThat(policy.allows(principal("b"), READ)).isFalse();
        assertThat(policy.allows(principal("c"), Action.OPERATE)).isTrue();
        assertThat(policy.allows(principal("d"), Action.METRICS)).isFalse();
    }

    @Test
    void everybody_and_everybody_who_is_known_have_roles_that_no_token_needs_to_name() throws Exception {
        Policy policy = policy("role.anonymous=metrics", "role.authenticated=read:counts");

        assertThat(policy.allows(null, Action.METRICS)).isTrue();
        assertThat(policy.allows(null, READ)).isFalse();
        assertThat(policy.allows(principal(), READ)).isTrue();
        assertThat(policy.allows(principal(), Action.METRICS)).isTrue();
    }

    /** A token that names {@code anonymous} or {@code authenticated} gets nothing that it has not anyway. */
    @Test
    void the_claim_is_the_one_that_is_named() throws Exception {
        Policy policy = policy("role.adder=command:counts/Add");

        assertThat(policy.allows(principal("adder"), ADD)).isFalse(); // its roles are in app.roles, not in roles
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "role.a=command:counts/Subtract; role.a: there is no action 'command:counts/Subtract'; command:counts/Add",
                "role.a=command:orders/Add; no action 'command:orders/Add'; command:sums/Add",
                "role.a=read:counts read:sums; no action 'read:counts read:sums'; read:sums",
                "role.a=internal; no action 'internal'; operate",
                "role.a=open; no action 'open'; operate",
                "role.a=; role.a: there is no action ''; metrics",
                "role.a=read:counts,; no action ''; metrics",
                "role.=read:counts; role.: expected roles.claim or role.<name>; role.",
                "rolle.a=read:counts; rolle.a: expected roles.claim or role.<name>; rolle",
            })
    void a_policy_that_grants_what_is_not_there_is_refused(String line, String message, String more) {
        assertThatThrownBy(() -> policy(line))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("annals.auth.policy=" + file)
                .hasMessageContaining(message)
                .hasMessageContaining(more);
    }

    @Test
    void a_policy_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> Policy.read(file, Catalog.of(new Domains(List.of(new TestDomain("counts"))))))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("annals.auth.policy=%s can't be read", file);
    }
}
