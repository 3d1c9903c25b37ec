package dev.annals.operations.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.kafka.RecordPlace;
import dev.annals.operations.ServiceClient;
import dev.annals.testsupport.http.FakeService;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What `verify` says of the view when it can't fold an event itself. */
class ServedViewTest {

    private static final RecordPlace PLACE = new RecordPlace("orders.events", 2, 17);

    private final FakeService service = new FakeService();

    ServedViewTest() throws IOException {}

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void a_view_that_runs_is_not_said_to_have_stopped() {
        service.answer(200, views("RUNNING", "null"));

        assertThat(beside()).startsWith("the view itself is RUNNING: is this program of the release");
    }

    @Test
    void a_view_that_has_stopped_at_the_event_or_elsewhere_is_told_apart() {
        service.answer(200, views("STOPPED", "{\"topic\":\"orders.events\",\"partition\":2,\"offset\":17}"));
        assertThat(beside()).isEqualTo("the view has stopped there too, see: annals views");

        service.answer(200, views("STOPPED", "{\"topic\":\"orders.events\",\"partition\":0,\"offset\":3}"));
        assertThat(beside()).isEqualTo("the view itself has stopped at orders.events-0@3");
    }

    @Test
    void where_nobody_answers_it_says_so() {
        service.close();

        assertThat(beside()).startsWith("what the view does can't be told: no query service answers");
    }

    private String beside() {
        return new ServedView(new ServiceClient("query service", URI.create(service.url())), "orders", "annals views")
                .beside(PLACE);
    }

    private static String views(String state, String stopped) {
        return "{\"items\":[{\"name\":\"orders\",\"state\":\"%s\",\"lagRecords\":0,\"stopped\":%s}]}"
                .formatted(state, stopped);
    }
}
