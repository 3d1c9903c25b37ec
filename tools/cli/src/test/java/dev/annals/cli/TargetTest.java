package dev.annals.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.cli.Target.Given;
import dev.annals.operations.OperationFailedException;
import dev.annals.quickstart.Part;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TargetTest {

    private static final String VARIABLE = "ANNALS_KAFKA_BOOTSTRAP_SERVERS";

    @TempDir
    Path empty;

    @Test
    void a_folder_is_named_by_an_option_or_the_environment_or_is_data() {
        Map<String, String> environment = Map.of("ANNALS_DATA", "/srv/shop");

        assertThat(named(empty, environment).folder()).isEqualTo(empty);
        assertThat(new Target(environment).folder()).isEqualTo(Path.of("/srv/shop"));
        assertThat(new Target(Map.of()).folder()).isEqualTo(Path.of("data"));
    }

    @Test
    void an_option_wins_over_the_environment() {
        Target target = new Target(Map.of(VARIABLE, "b:2"));

        assertThat(target.address(Part.BROKER, given("a:1"))).isEqualTo("a:1");
        assertThat(target.address(Part.BROKER, given(null))).isEqualTo("b:2");
    }

    @Test
    void a_folder_that_is_named_wins_over_an_address_of_the_environment() {
        Target target = named(empty, Map.of(VARIABLE, "b:2"));

        assertThatThrownBy(() -> target.address(Part.BROKER, given(null)))
                .isInstanceOf(OperationFailedException.class)
                .hasMessage("there is no installation in " + empty + ", and no address of the Kafka broker:"
                        + " name an installation with --data FOLDER, or give --bootstrap HOST:PORT");
    }

    @Test
    void what_is_missing_beside_a_given_address_is_named() {
        Target target = new Target(Map.of("ANNALS_DATA", empty.toString()));
        target.address(Part.BROKER, given("a:1"));

        assertThatThrownBy(() -> target.address(Part.REGISTRY, new Given("--registry URL", null, "NONE")))
                .hasMessageContaining("no address of the schema registry")
                .hasMessageContaining("--registry URL");
    }

    @Test
    void given_addresses_are_announced() {
        Target target = new Target(Map.of());
        target.address(Part.BROKER, given("a:1"));

        assertThat(target.announcement()).isEqualTo("Acts on Kafka broker a:1");
    }

    @Test
    void a_hint_carries_the_folder_that_was_named() {
        assertThat(new Target(Map.of()).hint("up")).isEqualTo("annals up");
        assertThat(new Target(Map.of("ANNALS_DATA", "/srv/shop")).hint("up")).isEqualTo("annals up --data /srv/shop");
        assertThat(named(Path.of("Ada's data"), Map.of()).hint("up")).isEqualTo("annals up --data 'Ada'\\''s data'");
    }

    private static Given given(@Nullable String option) {
        return new Given("--bootstrap HOST:PORT", option, VARIABLE);
    }

    private static Target named(Path folder, Map<String, String> environment) {
        Target target = new Target(environment);
        new CommandLine(target).parseArgs("--data", folder.toString());
        return target;
    }
}
