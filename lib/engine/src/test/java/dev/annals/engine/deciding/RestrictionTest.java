package dev.annals.engine.deciding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Restrictions as a header. */
class RestrictionTest {

    @Test
    void are_read_as_they_were_written_whatever_is_in_them() {
        List<Restriction> any = List.of(
                new Restriction("owner", "https://login.example|ann"),
                new Restriction("owner", "a=b&c=d %26 +"),
                new Restriction("name", "Žofie 🌱\u0000"),
                new Restriction("name", ""));

        assertThat(Restriction.read(Restriction.write(any))).isEqualTo(any);
        assertThat(Restriction.write(any.subList(0, 1))).isEqualTo("owner=https%3A%2F%2Flogin.example%7Cann");
    }
}
