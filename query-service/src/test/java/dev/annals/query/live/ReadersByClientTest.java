package dev.annals.query.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadersByClientTest {

    @Test
    void each_client_has_so_many_places_and_gives_them_back() {
        ReadersByClient readers = new ReadersByClient(2);

        assertThat(readers.enter("ann")).isTrue();
        assertThat(readers.enter("ann")).isTrue();
        assertThat(readers.enter("ann")).isFalse();
        assertThat(readers.enter("bob")).isTrue();
        readers.leave("ann");
        assertThat(readers.enter("ann")).isTrue();

        readers.leave("ann");
        readers.leave("ann");
        readers.leave("bob");
        assertThat(readers.clients()).as("nobody is remembered").isZero();
    }

    @Test
    void none_is_any_number() {
        ReadersByClient readers = new ReadersByClient(0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(readers.enter("ann")).isTrue();
        }
        readers.leave("ann");
        assertThat(readers.clients()).isZero();
    }
}
