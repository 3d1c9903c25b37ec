package dev.annals.flights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceDataTest {

    private final ReferenceData reference = ReferenceData.shipped();

    @ParameterizedTest
    @CsvSource({"SFO,KSFO", "KSFO,KSFO", "NRT,RJAA", "OAK,KOAK"})
    void an_airport_has_one_location_indicator_under_all_its_codes(String code, String icao) {
        assertThat(reference.icao(code)).contains(icao);
        assertThat(reference.knows(code)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SER", "PYE341037", "C83", "?", "unassigned"})
    void what_a_facility_writes_for_an_airport_is_known_without_an_indicator(String code) {
        assertThat(reference.icao(code)).isEmpty();
        assertThat(reference.knows(code)).isTrue();
    }

    @Test
    void anything_else_is_unknown() {
        assertThat(reference.knows("XXXX")).isFalse();
        assertThat(reference.knows("")).isFalse();
        assertThat(reference.leadsTo("SERFR4", "SER")).isFalse();
    }
}
