package dev.annals.supplychain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.supplychain.Licences.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LicencesTest {

    private static final Licences LICENCES =
            new Licences(Set.of("Apache-2.0", "MIT"), Map.of("The MIT License", "MIT"), List.of());

    @Test
    void one_allowed_licence_of_several_is_enough() {
        assertThat(LICENCES.findings(List.of(component("a", "LGPL-2.1-only", "Apache-2.0"))))
                .isEmpty();
    }

    @Test
    void a_forbidden_licence_is_named() {
        assertThat(LICENCES.findings(List.of(component("a", "AGPL-3.0-only"))))
                .containsExactly("org.example:a:1.2 is under [AGPL-3.0-only], and none of it is allowed");
    }

    @Test
    void a_component_without_a_licence_is_found() {
        assertThat(LICENCES.findings(List.of(component("a"))))
                .containsExactly("org.example:a:1.2 is under [NOASSERTION], and none of it is allowed");
    }

    @Test
    void odd_names_are_mapped() {
        assertThat(LICENCES.findings(List.of(component("a", "The MIT License"))))
                .isEmpty();
    }

    @Test
    void a_rule_says_what_a_component_is_under_whatever_its_pom_says() {
        Licences licences = withRule("org.example:*", "MIT");

        assertThat(licences.findings(List.of(component("a"), component("b", "BSD-4-Clause"))))
                .isEmpty();
        assertThat(withRule("org.example:*", "AGPL-3.0-only").findings(List.of(component("b", "MIT"))))
                .hasSize(1);
    }

    @Test
    void a_rule_for_nothing_that_ships_is_found() {
        assertThat(withRule("org.example:b", "MIT").findings(List.of(component("a", "MIT"), component("bb", "MIT"))))
                .containsExactly("nothing ships for the rule on org.example:b");
    }

    @Test
    void a_rule_without_a_reason_is_refused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("licences.json");
        Files.writeString(file, """
                {"allowed": [], "components": [{"component": "org.example:a", "licence": "MIT"}]}
                """);

        assertThatThrownBy(() -> Licences.read(file)).hasMessageContaining("why is missing");
    }

    private static Licences withRule(String component, String licence) {
        return new Licences(LICENCES.allowed(), LICENCES.names(), List.of(new Rule(component, licence, "read there")));
    }

    private static Component component(String name, String... licences) {
        return new Component("org.example", name, "1.2", List.of(licences));
    }
}
