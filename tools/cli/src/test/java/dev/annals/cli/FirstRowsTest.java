package dev.annals.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.operations.ServiceClient;
import dev.annals.quickstart.StartListener;
import dev.annals.testsupport.http.FakeService;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FirstRowsTest {

    private static final String LIVE =
            "{\"name\":\"orders\",\"generation\":1,\"state\":\"RUNNING\",\"replay\":null,\"stopped\":null}";
    private static final String BUILDING = "{\"name\":\"accounts\",\"generation\":null,\"state\":\"BUILDING\","
            + "\"replay\":{\"generation\":1,\"stopped\":null},\"stopped\":null}";
    private static final String STOPPED = "{\"name\":\"accounts\",\"generation\":null,\"state\":\"BUILDING\","
            + "\"replay\":{\"generation\":1,\"stopped\":{\"reason\":\"garbage\"}},\"stopped\":null}";

    private final FakeService service = new FakeService();
    private final List<String> waitedFor = new ArrayList<>();
    private final List<String> ready = new ArrayList<>();

    FirstRowsTest() throws IOException {}

    @AfterEach
    void stop() {
        service.close();
    }

    private static String views(String... items) {
        return "{\"items\":[%s],\"nextCursor\":null}".formatted(String.join(",", items));
    }

    private List<String> await(Duration limit) {
        return new FirstRows(new ServiceClient("query service", URI.create(service.url())), limit)
                .await(new StartListener() {
                    @Override
                    public void ready(String title, Duration sinceStart) {
                        ready.add(title);
                    }

                    @Override
                    public void waiting(List<String> titles, Duration sinceStart) {
                        waitedFor.addAll(titles);
                    }
                });
    }

    @Test
    void a_view_without_rows_is_waited_for() {
        service.answer(503, "{}").answer(200, views(LIVE, BUILDING)).answer(200, views(LIVE, LIVE));

        assertThat(await(Duration.ofSeconds(30))).isEmpty();
        assertThat(waitedFor).containsExactly("the first rows of views", "the first rows of accounts");
        assertThat(ready).containsExactly("First rows");
    }

    @Test
    void where_all_have_rows_nobody_waits() {
        service.answer(200, views(LIVE));

        assertThat(await(Duration.ofSeconds(30))).isEmpty();
        assertThat(waitedFor).isEmpty();
        assertThat(ready).isEmpty();
    }

    @Test
    void what_takes_longer_is_told() {
        service.answer(200, views(BUILDING, LIVE));

        assertThat(await(Duration.ZERO)).singleElement().asString().startsWith("accounts: no rows yet");
    }

    @Test
    void a_view_that_has_stopped_is_told_at_once_with_why() {
        service.answer(200, views(STOPPED, LIVE));

        assertThat(await(Duration.ofSeconds(30)))
                .containsExactly("accounts: has no rows yet, and has stopped: garbage");
        assertThat(service.requests()).hasSize(1);
    }
}
