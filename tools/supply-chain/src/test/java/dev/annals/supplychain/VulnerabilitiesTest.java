package dev.annals.supplychain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.supplychain.Advisory.Affected;
import dev.annals.supplychain.Advisory.Event;
import dev.annals.supplychain.Advisory.Kind;
import java.time.LocalDate;
import java.util.List;
import org.apache.maven.artifact.versioning.ComparableVersion;
import org.junit.jupiter.api.Test;

class VulnerabilitiesTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 12, 2);
    private static final Component SHIPPED = new Component("org.example", "clients", "1.2", List.of());

    private static final Advisory ADVISORY = new Advisory(
            "GHSA-1",
            List.of("CVE-1"),
            "reads any file",
            List.of(new Affected(
                    "org.example:clients",
                    List.of(),
                    List.of(List.of(event("0", Kind.INTRODUCED), event("1.3", Kind.FIXED))))));

    @Test
    void a_shipped_version_with_a_vulnerability_is_named_with_the_version_that_has_it_fixed() {
        assertThat(known().findings(List.of(SHIPPED)))
                .containsExactly("org.example:clients:1.2 has GHSA-1 (reads any file), fixed in 1.3");
    }

    @Test
    void a_version_without_it_is_not() {
        assertThat(known().findings(List.of(new Component("org.example", "clients", "1.3", List.of()))))
                .isEmpty();
    }

    @Test
    void a_decision_under_any_of_its_names_counts_until_its_last_day() {
        assertThat(known(decision("1.2", TODAY)).findings(List.of(SHIPPED))).isEmpty();
        assertThat(known(decision("1.2", TODAY.minusDays(1))).findings(List.of(SHIPPED)))
                .containsExactly("org.example:clients:1.2 has GHSA-1 (reads any file), fixed in 1.3;"
                        + " the decision on it has ended on 2026-12-01");
    }

    @Test
    void a_decision_on_another_version_does_not_count_and_is_one_too_many() {
        assertThat(known(decision("1.1", TODAY)).findings(List.of(SHIPPED)))
                .containsExactly(
                        "org.example:clients:1.2 has GHSA-1 (reads any file), fixed in 1.3",
                        "nothing ships for the decision on CVE-1 of org.example:clients:1.1");
    }

    @Test
    void who_says_not_affected_says_why_in_the_words_of_vex() {
        assertThatThrownBy(() -> new Decision("X-1", "a:b", "1", "not_affected", "because", "…", TODAY))
                .hasMessageContaining("vulnerable_code_not_in_execute_path");
        assertThatThrownBy(() -> new Decision("X-1", "a:b", "1", "fixed", "component_not_present", "…", TODAY))
                .hasMessageContaining("fixed");
    }

    private static Vulnerabilities known(Decision... decisions) {
        return new Vulnerabilities(List.of(ADVISORY), List.of(decisions), TODAY);
    }

    private static Decision decision(String version, LocalDate until) {
        return new Decision(
                "CVE-1",
                "org.example:clients",
                version,
                "not_affected",
                "vulnerable_code_not_in_execute_path",
                "no file is read",
                until);
    }

    private static Event event(String version, Kind kind) {
        return new Event(new ComparableVersion(version), kind);
    }
}
