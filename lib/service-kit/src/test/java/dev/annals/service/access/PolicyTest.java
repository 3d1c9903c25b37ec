package dev.annals.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.engine.deciding.Restriction;
import dev.annals.service.Domains;
import dev.annals.service.StartupException;
import dev.annals.service.TestDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which role may do what. */
class PolicyTest {

    private static final Action ADD = Action.command("counts", "Add");
    private static final Action READ = Action.readAggregates("counts");

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
                "https://login.example",
                "ann",
                Instant.MAX,
                Map.of("sub", "ann", "app", Map.of("roles", List.of(roles), "team", 7)));
    }

    private static boolean allows(Policy policy, @Nullable Principal principal, Action action) {
        return policy.admit(principal, action) != null;
    }

    @Test
    void what_no_role_grants_is_denied() throws Exception {
        Policy policy = policy("roles.claim=app.roles", "role.adder=command:counts/Add", "role.reader=read:counts");

        assertThat(allows(policy, principal("adder"), ADD)).isTrue();
        assertThat(allows(policy, principal("adder"), READ)).isFalse();
        assertThat(allows(policy, principal("adder", "reader"), READ)).isTrue();
        assertThat(allows(policy, principal("adder"), Action.command("sums", "Add")))
                .isFalse();
        assertThat(allows(policy, principal(), ADD)).isFalse();
        assertThat(allows(policy, principal("Adder", "add", "*", ""), ADD)).isFalse();
        assertThat(allows(policy, null, ADD)).isFalse();
    }

    @Test
    void a_star_grants_all_that_begin_so() throws Exception {
        Policy policy = policy(
                "roles.claim=app.roles", "role.a=command:counts/*", "role.b=command:*", "role.c=*", "role.d=read:*");

        assertThat(allows(policy, principal("a"), ADD)).isTrue();
        assertThat(allows(policy, principal("a"), Action.command("sums", "Add")))
                .isFalse();
        assertThat(allows(policy, principal("b"), Action.command("sums", "Add")))
                .isTrue();
        assertThat(allows(policy, principal("b"), READ)).isFalse();
        assertThat(allows(policy, principal("c"), Action.OPERATE)).isTrue();
        assertThat(allows(policy, principal("d"), Action.METRICS)).isFalse();
    }

    @Test
    void everybody_and_everybody_who_is_known_have_roles_that_no_token_needs_to_name() throws Exception {
        Policy policy = policy("role.anonymous=metrics", "role.authenticated=read:counts");

        assertThat(allows(policy, null, Action.METRICS)).isTrue();
        assertThat(allows(policy, null, READ)).isFalse();
        assertThat(allows(policy, principal(), READ)).isTrue();
        assertThat(allows(policy, principal(), Action.METRICS)).isTrue();
    }

    @Test
    void a_rule_grants_ones_own_alone() throws Exception {
        Policy policy = policy(
                "roles.claim=app.roles",
                "role.own=read:counts where sub = state.id",
                "role.teams=read:counts where app.team = state.value",
                "role.all=read:counts");

        assertThat(policy.admit(principal("own"), READ))
                .extracting(Caller::restrictions)
                .isEqualTo(Set.of(new Restriction("id", "ann")));
        assertThat(policy.admit(principal("own", "teams"), READ))
                .extracting(Caller::restrictions)
                .isEqualTo(Set.of(new Restriction("id", "ann"), new Restriction("value", "7")));
        assertThat(policy.admit(principal("own", "all"), READ))
                .extracting(Caller::restrictions)
                .isEqualTo(Set.of());
        assertThat(policy.admit(principal("own"), ADD)).isNull();
    }

    @Test
    void who_has_not_the_claim_of_a_rule_has_nothing() throws Exception {
        Policy policy = policy(
                "roles.claim=app.roles",
                "role.a=read:counts where department = state.value",
                "role.b=read:counts where app.roles = state.value", // a list is no value
                "role.anonymous=read:counts where sub = state.id");

        assertThat(policy.admit(principal("a", "b"), READ))
                .extracting(Caller::restrictions)
                .isEqualTo(Set.of(new Restriction("id", "ann")));
        assertThat(policy.admit(null, READ)).isNull();
    }

    /** A token that names {@code anonymous} or {@code authenticated} gets nothing that it has not anyway. */
    @Test
    void the_claim_is_the_one_that_is_named() throws Exception {
        Policy policy = policy("role.adder=command:counts/Add");

        assertThat(allows(policy, principal("adder"), ADD)).isFalse(); // its roles are in app.roles, not in roles
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "role.a=command:counts/Subtract; role.a: there is no action 'command:counts/Subtract'; command:counts/Add",
                "role.a=command:orders/Add; no action 'command:orders/Add'; command:sums/Add",
                "role.a=read:counts read:sums; 'read:counts read:sums': expected an action; where CLAIM = state.FIELD",
                "role.a=read:counts where sub = state.owner; the state of 'read:counts' has no field owner; value",
                "role.a=read:counts where sub = row.value; 'read:counts' is about no row; role.a",
                "role.a=read:* where sub = state.owner; has no field owner; value",
                "role.a=metrics where sub = state.value; 'metrics' is about no state; role.a",
                "role.a=read:counts where sub = owner; expected an action; state.FIELD",
                "role.a=read:orders where sub = state.owner; no action 'read:orders'; read:sums",
                "role.a=command:counts/Add where sub = state.owner; the state of 'command:counts/Add' has no field owner; value",
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
