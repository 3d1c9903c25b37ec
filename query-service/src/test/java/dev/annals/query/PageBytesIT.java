package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.query.Installation.NewEvent;
import dev.annals.query.Instance.Response;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pages of large items: they end where their bytes do, and lose nothing. */
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageBytesIT {

    private static final int PAGE_BYTES = 4 * 1024 * 1024;
    private static final int ITEMS = 60;
    private static final Duration EVENTS_LIMIT = Duration.ofSeconds(15);
    private static final String TEXT = "x".repeat(100_000);

    private final Installation installation;
    private Instance service;

    PageBytesIT(KafkaCluster kafka) {
        installation = new Installation(kafka);
    }

    @BeforeAll
    void start(@TempDir Path state) {
        service = installation.start(state);
        service.awaitReady();
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    private static NewEvent deposit(long version, String reference) {
        return new NewEvent(
                version,
                Instant.parse("2011-01-04T10:00:00Z"),
                "MoneyDeposited",
                JsonNodeFactory.instance.objectNode().put("amount", "1").put("reference", reference));
    }

    /** A history that has begun is answered with what is there of it. */
    private void awaitEvent(String account, int version) {
        Awaitility.await()
                .atMost(EVENTS_LIMIT)
                .until(() -> service.get("/v1/accounts/%s/events?from=%d".formatted(account, version))
                        .json()
                        .path("items")
                        .has(0));
    }

    /** All pages of at most a thousand. */
    private List<Response> pages(String path) {
        List<Response> pages = new ArrayList<>();
        String cursor = null;
        do {
            Response page = service.get(path + "?limit=1000" + (cursor == null ? "" : "&cursor=" + cursor));
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.json().get("items")).isNotEmpty();
            pages.add(page);
            cursor = page.json().get("nextCursor").textValue();
        } while (cursor != null);
        return pages;
    }

    private static List<JsonNode> items(List<Response> pages) {
        List<JsonNode> items = new ArrayList<>();
        pages.forEach(page -> page.json().get("items").forEach(items::add));
        return items;
    }

    private static void assertBounded(List<Response> pages) {
        assertThat(pages)
                .hasSize(2)
                .allSatisfy(page -> assertThat(page.raw().body()).hasSizeLessThan(PAGE_BYTES + 1_000));
    }

    @Test
    void a_history_of_large_events_comes_in_pages_of_so_many_bytes() throws Exception {
        installation.events(
                "accounts",
                "large",
                LongStream.rangeClosed(1, ITEMS)
                        .mapToObj(version -> deposit(version, TEXT))
                        .toList());
        awaitEvent("large", ITEMS);

        List<Response> pages = pages("/v1/accounts/large/events");

        List<Long> all = LongStream.rangeClosed(1, ITEMS).boxed().toList();
        assertBounded(pages);
        assertThat(items(pages))
                .extracting(item -> item.get("version").longValue())
                .containsExactlyElementsOf(all);
        try (LiveReader live = service.live("/v1/accounts/large/events")) {
            assertThat(live.next(ITEMS)).extracting(LiveReader.Event::version).containsExactlyElementsOf(all);
        }
    }

    @Test
    void rows_that_are_large_come_in_pages_of_so_many_bytes() {
        List<String> ids = IntStream.range(0, ITEMS)
                .mapToObj(i -> "large-%02d".formatted(i))
                .toList();
        ids.forEach(id -> installation.row("accounts.view.1", "AccountRow", id, 1, Map.of("owner", TEXT)));
        ids.forEach(id -> service.await("/v1/accounts/" + id));

        List<Response> pages = pages("/v1/accounts");

        assertBounded(pages);
        assertThat(items(pages)).extracting(item -> item.get("id").textValue()).containsExactlyElementsOf(ids);
    }

    @Test
    void an_item_above_the_bytes_of_a_page_has_one_of_its_own() {
        String sixBytesEachInJson = "\u0001".repeat(PAGE_BYTES / 6 + 1);
        installation.events("accounts", "huge", List.of(deposit(1, sixBytesEachInJson), deposit(2, "small")));
        awaitEvent("huge", 2);

        List<Response> pages = pages("/v1/accounts/huge/events");

        assertThat(pages).hasSize(2);
        assertThat(items(pages))
                .extracting(item -> item.get("version").longValue())
                .containsExactly(1L, 2L);
    }
}
