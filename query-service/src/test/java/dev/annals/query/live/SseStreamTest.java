package dev.annals.query.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseStreamTest {

    @Test
    void of_several_items_of_an_event_the_last_alone_has_the_id_to_resume_after() throws IOException {
        SseStream.Batch batch = new SseStream.Batch();
        batch.event("7", List.of(json -> json.writeNumber(1), json -> json.writeNumber(2)));

        assertThat(batch.events()).isEqualTo(1);
        assertThat(batch).hasToString("data: 1\n\nid: 7\ndata: 2\n\n");
    }

    @Test
    void a_batch_is_full_after_a_quarter_of_a_mebibyte() throws IOException {
        SseStream.Batch batch = new SseStream.Batch();
        int events = 0;
        while (!batch.isFull()) {
            batch.event("1", List.of(json -> json.writeString("x".repeat(100_000))));
            events++;
        }

        assertThat(events).isEqualTo(3);
    }
}
