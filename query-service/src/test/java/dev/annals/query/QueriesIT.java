package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.query.Instance.Response;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueriesIT {

    private final Installation installation;
    private Instance service;
    private Path stores;

    QueriesIT(KafkaCluster kafka) {
        installation = new Installation(kafka);
    }

    @BeforeAll
    void start(@TempDir Path state) {
        stores = state;
        service = installation.start(state);
        service.awaitReady();
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    private List<String> allIds(String path, int limit) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            String separator = path.contains("?") ? "&" : "?";
            Response page =
                    service.get(path + separator + "limit=" + limit + (cursor == null ? "" : "&cursor=" + cursor));
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.json().get("items").size()).isLessThanOrEqualTo(limit);
            page.json().get("items").forEach(item -> ids.add(item.get("id").textValue()));
            cursor = page.json().get("nextCursor").textValue();
        } while (cursor != null);
        return ids;
    }

    @Test
    void stores_are_for_their_owner_alone() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "needs POSIX permissions");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stores)))
                .isEqualTo("rwx------");
    }

    @Test
    void a_row_has_its_version_as_etag_and_money_as_strings() {
        installation.account("row-1", 7, "12.5");

        Response row = service.await("/v1/accounts/row-1");

        assertThat(row.etag()).isEqualTo("\"7\"");
        assertThat(row.contentType()).startsWith("application/json");
        assertThat(row.json().get("id").textValue()).isEqualTo("row-1");
        assertThat(row.json().get("version").longValue()).isEqualTo(7);
        assertThat(row.json().get("balance").textValue()).isEqualTo("12.5");
        assertThat(row.json().get("status").textValue()).isEqualTo("OPEN");
    }

    @Test
    void a_known_version_is_not_sent_again() {
        installation.account("row-2", 3, "1");
        service.await("/v1/accounts/row-2");

        assertThat(service.get("/v1/accounts/row-2", "If-None-Match", "\"3\"").status())
                .isEqualTo(304);
        assertThat(service.get("/v1/accounts/row-2", "If-None-Match", "\"2\", W/\"3\"")
                        .status())
                .isEqualTo(304);
        assertThat(service.get("/v1/accounts/row-2", "If-None-Match", "\"2\"").status())
                .isEqualTo(200);
    }

    @Test
    void a_deleted_row_and_an_aborted_one_are_not_there() {
        installation.account("gone", 1, "1");
        service.await("/v1/accounts/gone");
        installation.deleteAccount("gone");
        installation.abortedAccount("aborted");
        installation.account("after", 1, "1");
        service.await("/v1/accounts/after?min_version=1&timeout=10");

        Response gone = service.get("/v1/accounts/gone?min_version=2&timeout=1");
        assertThat(gone.status()).isEqualTo(504);
        assertThat(service.get("/v1/accounts/gone").status()).isEqualTo(404);
        assertThat(service.get("/v1/accounts/aborted").status()).isEqualTo(404);
    }

    @Test
    void a_reader_waits_for_its_own_write() throws Exception {
        installation.account("wait-1", 1, "1");
        service.await("/v1/accounts/wait-1");
        CompletableFuture<Response> waiting = service.getLater("/v1/accounts/wait-1?min_version=3&timeout=15");

        installation.account("wait-1", 2, "2");
        installation.account("wait-1", 3, "3");

        Response row = waiting.get(10, TimeUnit.SECONDS);
        assertThat(row.status()).isEqualTo(200);
        assertThat(row.json().get("balance").textValue()).isEqualTo("3");
        assertThat(service.get("/v1/accounts/wait-1?min_version=2").status()).isEqualTo(200);
    }

    @Test
    void a_wait_that_ends_says_which_version_was_reached() {
        installation.account("wait-2", 4, "1");
        service.await("/v1/accounts/wait-2");

        Response late = service.get("/v1/accounts/wait-2?min_version=5&timeout=0.2");

        assertThat(late.status()).isEqualTo(504);
        assertThat(late.contentType()).startsWith("application/problem+json");
        assertThat(late.code()).isEqualTo("version-not-reached");
        assertThat(late.json().get("version").longValue()).isEqualTo(4);
        assertThat(service.get("/v1/accounts/never?min_version=1&timeout=0")
                        .json()
                        .get("version")
                        .longValue())
                .isZero();
    }

    @Test
    void pages_are_in_key_order_over_all_partitions_while_rows_change() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String id = "page-%02d".formatted(i);
            ids.add(id);
            installation.row("country-sales.view.1", "CountrySalesRow", id, 1, Map.of("country", id));
        }
        service.await("/v1/country-sales/page-39?min_version=1&timeout=10");
        ids.forEach(id -> service.await("/v1/country-sales/" + id));

        Response first = service.get("/v1/country-sales?limit=10");
        assertThat(first.json().get("items")).hasSize(10);
        // A row that changes keeps its place; one that comes before the cursor does not push another into the next
        // page.
        installation.row("country-sales.view.1", "CountrySalesRow", "page-05", 2, Map.of("country", "page-05"));
        installation.row("country-sales.view.1", "CountrySalesRow", "page-00a", 1, Map.of("country", "page-00a"));
        service.await("/v1/country-sales/page-00a");
        Response second = service.get("/v1/country-sales?limit=10&cursor="
                + first.json().get("nextCursor").textValue());
        assertThat(second.json().get("items").get(0).get("id").textValue()).isEqualTo("page-10");

        ids.add(1, "page-00a");
        assertThat(allIds("/v1/country-sales", 7)).containsExactlyElementsOf(ids);
        assertThat(allIds("/v1/country-sales", 41)).containsExactlyElementsOf(ids);
        assertThat(allIds("/v1/country-sales", 1000)).containsExactlyElementsOf(ids);
    }

    @Test
    void rows_are_found_by_leading_key_and_by_field() {
        String orders = "orders.view.2";
        for (int i = 0; i < 12; i++) {
            String customer = "c" + i % 3;
            installation.row(
                    orders,
                    "OrderRow",
                    "o-%02d".formatted(i),
                    1,
                    Map.of("customerId", customer, "country", "United Kingdom"));
            installation.row(
                    "customer-orders.view.2",
                    "CustomerOrderRow",
                    "%s:%019d:o-%02d".formatted(customer, 100 - i, i),
                    1,
                    Map.of("customerId", customer, "orderId", "o-%02d".formatted(i)));
        }
        installation.row("customer-orders.view.2", "CustomerOrderRow", "c1;", 1, Map.of("customerId", "c1;"));
        service.await("/v1/customer-orders/c1;");
        for (int i = 0; i < 12; i++) {
            service.await("/v1/orders/o-%02d".formatted(i));
            service.await("/v1/customer-orders/c%d:%019d:o-%02d".formatted(i % 3, 100 - i, i));
        }

        List<String> newestFirst = new ArrayList<>();
        service.get("/v1/customer-orders?customer=c1")
                .json()
                .get("items")
                .forEach(item -> newestFirst.add(item.get("orderId").textValue()));
        assertThat(newestFirst).containsExactly("o-10", "o-07", "o-04", "o-01");
        assertThat(allIds("/v1/customer-orders?customer=c1", 3)).hasSize(4);
        assertThat(allIds("/v1/orders?customer=c2", 2)).containsExactly("o-02", "o-05", "o-08", "o-11");
        assertThat(allIds("/v1/orders?country=United%20Kingdom&customer=c0", 50))
                .hasSize(4);
        assertThat(allIds("/v1/orders?customer=nobody", 50)).isEmpty();
    }

    private void stream(String id) {
        installation.event(
                id,
                1,
                "AccountOpened",
                "2011-01-01T00:00:00Z",
                Map.of("owner", "Ada", "currency", "CZK", "overdraftLimit", "0"));
        installation.event(id, 2, "MoneyDeposited", "2011-01-02T00:00:00Z", Map.of("amount", "100"));
        installation.event(id, 3, "MoneyWithdrawn", "2011-01-03T00:00:00Z", Map.of("amount", "30.25"));
        service.await("/v1/accounts/%s/state?version=3".formatted(id));
    }

    @Test
    void a_stream_is_read_in_order_with_headers_and_payload() {
        stream("s-1");
        stream("s-10");

        Response first = service.get("/v1/accounts/s-1/events?limit=2");
        JsonNode items = first.json().get("items");
        assertThat(items).hasSize(2);
        JsonNode event = items.get(1);
        assertThat(event.get("version").longValue()).isEqualTo(2);
        assertThat(event.get("type").textValue()).isEqualTo("annals.accounts.MoneyDeposited");
        assertThat(event.get("time").textValue()).isEqualTo("2011-01-02T00:00:00Z");
        assertThat(event.get("id").textValue()).isEqualTo("accounts/s-1/2");
        assertThat(event.get("data").get("amount").textValue()).isEqualTo("100");
        assertThat(event.get("headers").get("ce_subject").textValue()).isEqualTo("s-1");

        Response rest = service.get("/v1/accounts/s-1/events?limit=2&cursor="
                + first.json().get("nextCursor").textValue());
        assertThat(rest.json().get("items")).hasSize(1);
        assertThat(rest.json().get("items").get(0).get("version").longValue()).isEqualTo(3);
        assertThat(rest.json().get("nextCursor").isNull()).isTrue();
        assertThat(service.get("/v1/accounts/s-1/events?from=3").json().get("items"))
                .hasSize(1);
        assertThat(service.get("/v1/accounts/s-1/events?from=4").json().get("items"))
                .isEmpty();
    }

    @Test
    void a_stream_is_read_with_the_newest_first() {
        stream("s-2");
        stream("s-20");

        Response first = service.get("/v1/accounts/s-2/events?order=desc&limit=2");
        assertThat(versions(first)).containsExactly(3L, 2L);
        Response rest = service.get("/v1/accounts/s-2/events?order=desc&limit=2&cursor="
                + first.json().get("nextCursor").textValue());
        assertThat(versions(rest)).containsExactly(1L);
        assertThat(rest.json().get("nextCursor").isNull()).isTrue();

        assertThat(versions(service.get("/v1/accounts/s-2/events?order=desc&from=2")))
                .containsExactly(2L, 1L);
        assertThat(versions(service.get("/v1/accounts/s-2/events?order=asc"))).containsExactly(1L, 2L, 3L);
    }

    private static List<Long> versions(Response page) {
        List<Long> versions = new ArrayList<>();
        page.json()
                .get("items")
                .forEach(item -> versions.add(item.get("version").longValue()));
        return versions;
    }

    @Test
    void a_state_is_folded_to_a_version_or_a_time() {
        stream("s-2");

        assertThat(balance("/v1/accounts/s-2/state")).isEqualTo("69.75");
        assertThat(balance("/v1/accounts/s-2/state?version=2")).isEqualTo("100");
        assertThat(balance("/v1/accounts/s-2/state?at=2011-01-02T23:59:59Z")).isEqualTo("100");
        assertThat(service.get("/v1/accounts/s-2/state").etag()).isEqualTo("\"3\"");
        assertThat(service.get("/v1/accounts/s-2/state?version=9").code()).isEqualTo("version-not-found");
        assertThat(service.get("/v1/accounts/s-2/state?at=2010-01-01T00:00:00Z").status())
                .isEqualTo(404);
    }

    private String balance(String path) {
        return service.get(path).json().get("state").get("balance").textValue();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/nothing,404,not-found,'there is no view ''nothing''; there are: accounts, claims, flight-identities, flights'",
        "/v1/nothing/1,404,not-found,there is no view 'nothing'",
        "/v1/nothing/1/events,404,not-found,'there is no aggregate type ''nothing''; there are: accounts, claims, flight-identities, flights'",
        "/v1/accounts/unknown,404,row-not-found,the view accounts has no row 'unknown'",
        "/v1/accounts/unknown/events,404,aggregate-not-found,accounts 'unknown' has no events",
        "/v1/accounts/unknown/state,404,aggregate-not-found,accounts 'unknown' has no events",
        "/v1/accounts/a%20b/state,400,invalid-id,aggregate id 'a b': expected 1 to 200 characters",
        "/v1/orders?colour=red,400,unknown-parameter,'there is no parameter ''colour'' here; allowed: country, cursor, customer, limit, placedAt, status, total'",
        "/v1/orders?total=..,400,invalid-parameter,'total: expected from..to with at least one of the two'",
        "/v1/orders?total=20..10,400,invalid-parameter,'total: expected from..to with from not above to, got ''20..10'''",
        "/v1/orders?total=1..x,400,invalid-parameter,'total: expected from..to of numbers such as 12.5, got ''1..x'''",
        "/v1/orders?placedAt=2011-01-04..,400,invalid-parameter,placedAt: expected from..to of times such as 2011-01-04T10:00:00Z",
        "/v1/orders?status=PAID..SHIPPED,400,invalid-parameter,'status: expected one value, since status has no order'",
        "/v1/orders?limit=0,400,invalid-parameter,'limit: expected a whole number from 1 to 1000, got ''0'''",
        "/v1/orders?limit=1001,400,invalid-parameter,limit: expected a whole number from 1 to 1000",
        "/v1/orders?cursor=x,400,invalid-parameter,'cursor: expected the nextCursor of an earlier page, got ''x'''",
        "/v1/accounts/1/events?cursor=ATEvOTIyMzM3MjAzNjg1NDc3NTgwNw,400,invalid-parameter,'cursor: expected the nextCursor of an earlier page'",
        "/v1/accounts/1/events?order=down,400,invalid-parameter,'order: expected asc or desc, got ''down'''",
        "/v1/accounts/1/events?from=9223372036854775807,400,invalid-parameter,from: expected a whole number from 1 to 1099511627776",
        "/v1/orders?customer=a&customer=b,400,invalid-parameter,'customer: expected one value, got 2 values'",
        "/v1/orders/1?min_version=x,400,invalid-parameter,min_version: expected a whole number",
        "/v1/orders/1?min_version=1&timeout=61,400,invalid-parameter,timeout: expected seconds from 0 to 60",
        "/v1/accounts/1/state?at=yesterday,400,invalid-parameter,at: expected a time in UTC such as 2011-01-04T10:00:00Z",
        "/v1/accounts/1/state?version=1&at=2011-01-04T10:00:00Z,400,invalid-parameter,at: expected either version or at",
        "/v1/accounts/1/2,404,not-found,''",
        "/elsewhere,404,not-found,''"
    })
    void an_error_is_a_problem_that_a_person_can_act_on(String path, int status, String code, String detail) {
        Response problem = service.get(path);

        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.contentType()).startsWith("application/problem+json");
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.detail()).startsWith(detail);
        assertThat(problem.json().get("status").intValue()).isEqualTo(status);
    }

    @Test
    void an_id_with_a_slash_is_a_problem() {
        Response problem = service.get("/v1/accounts/a%2Fb");

        assertThat(problem.status()).isBetween(400, 404);
        assertThat(problem.contentType()).startsWith("application/problem+json");
    }

    @Test
    void a_view_that_a_projector_could_not_fold_further_is_stopped_until_its_group_is_past_the_place()
            throws Exception {
        ViewId view = new ViewId("customer-orders", 2);
        RecordPlace place = installation.placeOfEvent("orders", 2, 17);
        installation.note(new Stop(view, place, "a/1", "garbage", Instant.parse("2026-11-22T10:00:00Z")));

        await().atMost(Instance.READY_LIMIT)
                .until(() -> viewStatus("customer-orders").path("stopped").isObject());
        assertThat(viewStatus("customer-orders").path("state").textValue()).isEqualTo("STOPPED");
        assertThat(viewStatus("customer-orders").path("stopped"))
                .hasToString(("{\"topic\":\"%s\",\"partition\":2,\"offset\":17,\"key\":\"a/1\",\"reason\":\"garbage\","
                                + "\"since\":\"2026-11-22T10:00:00Z\"}")
                        .formatted(place.topic()));
        assertThat(viewStatus("orders").path("stopped").isNull()).isTrue();

        installation.committed(view, installation.placeOfEvent("orders", 2, 18));
        await().atMost(Instance.READY_LIMIT)
                .until(() -> viewStatus("customer-orders").path("stopped").isNull());
        assertThat(viewStatus("customer-orders").path("state").textValue()).isEqualTo("RUNNING");
    }

    @Test
    void who_waits_for_a_version_is_told_soon_that_the_view_has_stopped_and_why() throws Exception {
        ViewId view = new ViewId("accounts", 1);
        RecordPlace place = installation.placeOfEvent("accounts", 1, 5);
        installation.account("stopped", 2, "1");
        service.await("/v1/accounts/stopped");
        installation.note(new Stop(view, place, "a/1", "garbage", Instant.parse("2026-11-22T10:00:00Z")));
        await().atMost(Instance.READY_LIMIT)
                .until(() -> viewStatus("accounts").path("stopped").isObject());

        CompletableFuture<Response> waiting = service.getLater("/v1/accounts/stopped?min_version=3&timeout=60");
        Response stopped = waiting.get(15, TimeUnit.SECONDS);

        assertThat(stopped.status()).isEqualTo(504);
        assertThat(stopped.code()).isEqualTo("view-stopped");
        assertThat(stopped.detail())
                .contains("version 2, not yet 3", place.toString(), "2026-11-22T10:00:00Z", "garbage");
        assertThat(stopped.json().get("version").longValue()).isEqualTo(2);
        assertThat(stopped.json().get("stopped"))
                .isEqualTo(viewStatus("accounts").get("stopped"));
        assertThat(service.get("/v1/accounts/stopped?min_version=2").status()).isEqualTo(200);

        installation.committed(view, installation.placeOfEvent("accounts", 1, 6));
        await().atMost(Instance.READY_LIMIT)
                .until(() -> viewStatus("accounts").path("stopped").isNull());
        assertThat(service.get("/v1/accounts/stopped?min_version=3&timeout=0.2").code())
                .isEqualTo("version-not-reached");
    }

    private JsonNode viewStatus(String view) {
        for (JsonNode item : service.get("/v1/views").json().get("items")) {
            if (item.path("name").textValue().equals(view)) {
                return item;
            }
        }
        throw new AssertionError("no view " + view);
    }

    @Test
    void views_say_how_far_they_are() {
        stream("lagging");

        Response views = service.get("/v1/views");

        assertThat(views.json().get("items")).hasSize(Installation.views().size());
        JsonNode view = views.json().get("items").get(0);
        assertThat(view.get("name").textValue()).isEqualTo("accounts");
        assertThat(view.get("generation").intValue()).isEqualTo(1);
        assertThat(view.get("state").textValue()).isEqualTo("RUNNING");
        // No projector runs here, so the events are all still to be folded.
        assertThat(view.get("lagRecords").longValue()).isGreaterThanOrEqualTo(3);
        assertThat(view.get("replayInProgress").booleanValue()).isFalse();
    }

    @Test
    void what_a_view_has_folded_but_not_summed_up_counts_as_lag() throws Exception {
        assertThat(lag("country-sales")).isZero();

        installation.partsOnTheirWay("country-sales", 2);
        assertThat(lag("country-sales")).isGreaterThanOrEqualTo(2);
    }

    private long lag(String view) {
        return viewStatus(view).get("lagRecords").longValue();
    }

    @Test
    void metrics_say_how_far_tables_are_and_who_waits() {
        installation.account("measured", 1, "1");
        service.get("/v1/accounts/measured?min_version=1&timeout=20");

        assertThat(new String(service.raw("/metrics"), StandardCharsets.UTF_8))
                .contains("annals_table_lag_records{table=\"accounts.view.1\"}")
                .contains("annals_query_waiting ")
                .contains("annals_query_waits_seconds_count{outcome=\"answered\"}")
                .contains("annals_http_requests_seconds_count{method=\"GET\",route=\"/v1/{view}/{key}\"");
    }

    @Test
    void the_service_describes_itself() {
        JsonNode openApi = service.get("/openapi.json").json();

        assertThat(openApi.get("openapi").textValue()).isEqualTo("3.1.0");
        assertThat(openApi.get("paths").has("/v1/orders/{key}")).isTrue();
        assertThat(openApi.at("/components/schemas/OrderRow/properties/total/type")
                        .textValue())
                .isEqualTo("string");
        assertThat(openApi.get("paths")
                        .get("/v1/orders")
                        .get("get")
                        .get("parameters")
                        .toString())
                .contains("\"customer\"", "\"country\"");
        JsonNode index = service.get("/").json();
        assertThat(index.get("views")).hasSize(Installation.views().size());
        assertThat(index.get("views"))
                .filteredOn(view -> view.get("name").textValue().equals("country-sales"))
                .singleElement()
                .satisfies(view ->
                        assertThat(view.get("aggregateType").textValue()).isEqualTo("orders"));
        assertThat(index.get("aggregateTypes"))
                .filteredOn(type -> type.get("name").textValue().equals("accounts"))
                .singleElement()
                .satisfies(type -> assertThat(type.get("eventTypes").toString())
                        .contains("\"AccountOpened\"", "\"MoneyDeposited\""));
    }
}
