package dev.annals.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.service.AuthSettings;
import dev.annals.service.Domains;
import dev.annals.service.Settings;
import dev.annals.service.TestDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, and to what else. */
class AccessControlTest {

    private static final Principal ANN =
            new Principal("https://login.example", "ann", Instant.MAX, Map.of("roles", "operator"));
    private static final Principal BOB = new Principal("https://login.example", "bob", Instant.MAX, Map.of());

    @TempDir
    private Path folder;

    private AccessControl access(String policy) throws IOException {
        Path file = Files.writeString(folder.resolve("policy.properties"), policy);
        Map<String, String> settings = Map.of(
                "annals.auth",
                "oidc",
                "annals.auth.issuer",
                "https://login.example",
                "annals.auth.audience",
                "annals",
                "annals.auth.policy",
                file.toString());
        return AccessControl.of(
                AuthSettings.of(Settings.of(settings), true), new Domains(List.of(new TestDomain("counts"))));
    }

    @Test
    void whoever_has_a_token_may_ask_for_commands_of_their_own() throws Exception {
        AccessControl access = access("role.operator=read-commands");

        assertThat(access.admit(BOB, Action.OWN_COMMANDS).may(Action.READ_COMMANDS))
                .isFalse();
        assertThat(access.admit(ANN, Action.OWN_COMMANDS).may(Action.READ_COMMANDS))
                .isTrue();
        assertThatThrownBy(() -> access.admit(null, Action.OWN_COMMANDS)).isInstanceOf(DeniedException.class);
    }

    /** Without a token, commands are nobody's: whoever may read any may ask for those. */
    @Test
    void who_has_none_may_where_everybody_may_read_any() throws Exception {
        assertThat(access("role.anonymous=read-commands")
                        .admit(null, Action.OWN_COMMANDS)
                        .principal())
                .isNull();
    }

    @Test
    void where_nobody_is_asked_everybody_may_everything() throws Exception {
        assertThat(AccessControl.none().admit(null, Action.OWN_COMMANDS).may(Action.READ_COMMANDS))
                .isTrue();
    }
}
