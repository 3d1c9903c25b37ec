package dev.annals.projector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountsView;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Skip;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.orders.CountrySalesRow;
import dev.annals.orders.CountrySalesView;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrderEvent.OrderPaid;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderLine;
import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.http.HttpServer;
import dev.annals.service.http.Json;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Views that meet what they can't fold: where they stop, how they try again, and how they go on. */
@WithKafka(registry = true)
@Tag("heavy")
class StoppedViewsIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int BEFORE = 5;
    private static final long NOT_THERE = 1_000;
    private static final ViewId ACCOUNTS = ViewId.first(new AccountsView());
    private static final ViewId FAULTY = ViewId.first(new FaultySales());

    private final KafkaCluster kafka;

    @TempDir
    private Path folder;

    StoppedViewsIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void garbage_stops_its_view_alone_until_somebody_says_to_skip_it() {
        Installation installation = Installation.of(kafka, folder, Domains.load());
        try (Service service = new Service("projector");
                EventLog<OrderEvent> orders = installation.orders();
                EventLog<AccountEvent> accounts = installation.accounts()) {
            HttpServer http = installation.start(service, "one");
            awaitReady(http);
            accounts.append("ann", new AccountOpened("Ann", "CZK", BigDecimal.ZERO));
            for (int i = 1; i < BEFORE; i++) {
                accounts.append("ann", new MoneyDeposited(BigDecimal.ONE, null, null));
            }
            accounts.appendGarbage("ann");
            accounts.append("ann", new MoneyDeposited(BigDecimal.TEN, null, null));
            accounts.append("bob", new AccountOpened("Bob", "CZK", BigDecimal.ZERO));
            accounts.flush();

            RecordPlace place = awaitStop(http, "accounts");
            assertThat(place)
                    .isEqualTo(new RecordPlace(
                            installation.topics().events("accounts"),
                            AggregateIds.partition("ann", Installation.PARTITIONS),
                            BEFORE));
            String since = stopped(http, "accounts").path("since").asText();
            assertThat(stopped(http, "accounts").path("key").asText()).isEqualTo("ann/0000000000000000006");
            assertThat(get(http, "/health/ready"))
                    .contains(
                            "accounts/1: stopped at %s, key 'ann/0000000000000000006', since %s: the event can't be read"
                                    .formatted(place, since));
            awaitStopRecord(installation, place, since);

            orders.append("1", placed("France"));
            orders.flush();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(installation.rows().of(new CountrySalesView()))
                            .isEqualTo(orders.rowsOf(new CountrySalesView())));

            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(installation.rows().of(new AccountsView()))
                            .hasEntrySatisfying(
                                    "ann",
                                    ann -> assertThat(ann.transactionCount()).isEqualTo(BEFORE - 1)));

            // Skips of other places are none of its business: it tries again and again, and is not ready for a moment.
            installation.write(skip(ACCOUNTS, new RecordPlace(place.topic(), place.partition(), NOT_THERE)));
            installation.write(skip(new ViewId("accounts", 2), place));
            await().atMost(LIMIT)
                    .failFast("it is ready", () -> isReady(http))
                    .until(() -> metric(http, "annals_streams_failures_total", "app", "accounts/1") >= 3);
            assertThat(stopped(http, "accounts").path("since").asText()).isEqualTo(since);
            assertThat(view(http, "accounts").path("state").asText()).isEqualTo("STOPPED");

            installation.write(skip(ACCOUNTS, place));
            awaitReady(http);
            accounts.append("ann", new MoneyDeposited(BigDecimal.ONE, null, null));
            accounts.append("cid", new AccountOpened("Cid", "CZK", BigDecimal.ZERO));
            accounts.flush();
            assertAccountsEqualTheFoldOf(accounts, installation);
            assertThat(view(http, "accounts").path("stopped").isNull()).isTrue();
            assertThat(view(http, "accounts").path("state").asText()).isEqualTo("RUNNING");
            assertThat(metric(http, "annals_view_skipped_total", "view", "accounts"))
                    .isGreaterThanOrEqualTo(1);
        }
    }

    @Tag("long")
    @Test
    void a_bug_of_the_views_own_code_is_passed_over_in_the_fold_and_in_the_sum() {
        Installation installation = Installation.of(kafka, folder, new Domains(List.of(new FaultySales.Only())));
        try (Service service = new Service("projector");
                EventLog<OrderEvent> orders = installation.orders()) {
            HttpServer http = installation.start(service, "one");
            awaitReady(http);
            orders.append("good-1", placed("France"));
            orders.append("bad", placed(FaultySales.UNKNOWN_TO_THE_FOLD));
            orders.append("bad", new OrderPaid("card", BigDecimal.ONE));
            orders.append("good-2", placed("France"));
            orders.flush();

            RecordPlace fold = awaitStop(http, "faulty-sales");
            assertThat(fold.topic()).isEqualTo(installation.topics().events("orders"));
            assertThat(stopped(http, "faulty-sales").path("reason").asText()).contains("no such country: Atlantis");
            installation.write(skip(FAULTY, fold));
            awaitReady(http);
            awaitSold(installation, "France", 2);

            orders.append("worse", placed(FaultySales.UNKNOWN_TO_THE_SUM));
            orders.append("good-3", placed("France"));
            orders.flush();

            RecordPlace sum = awaitStop(http, "faulty-sales");
            assertThat(sum.topic())
                    .isEqualTo(
                            installation.topics().prefix() + ViewTopology.applicationId(FAULTY) + "-parts-repartition");
            assertThat(stopped(http, "faulty-sales").path("key").asText()).isEqualTo("Avalon");
            installation.write(skip(FAULTY, sum));
            awaitReady(http);
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(soldTo(installation, "France")).isEqualTo(3));
            assertThat(installation.rows().of(new FaultySales())).containsOnlyKeys("France");
        }
    }

    @Tag("long")
    @Test
    void of_two_projectors_both_say_that_a_view_is_stopped_and_whoever_has_the_partition_goes_on() {
        Installation installation = Installation.of(kafka, folder, Domains.load());
        try (Service one = new Service("one");
                Service two = new Service("two");
                EventLog<AccountEvent> accounts = installation.accounts()) {
            HttpServer first = installation.start(one, "one");
            HttpServer second = installation.start(two, "two");
            awaitReady(first);
            awaitReady(second);
            for (String id : List.of("a", "b", "c", "d", "e", "f")) {
                accounts.append(id, new AccountOpened(id, "CZK", BigDecimal.ZERO));
            }
            accounts.appendGarbage("a");
            accounts.append("a", new MoneyDeposited(BigDecimal.TEN, null, null));
            accounts.flush();

            RecordPlace place = awaitStop(first, "accounts");
            assertThat(awaitStop(second, "accounts")).isEqualTo(place);
            assertThat(isReady(first)).isFalse();
            assertThat(isReady(second)).isFalse();

            installation.write(skip(ACCOUNTS, place));
            awaitReady(first);
            awaitReady(second);
            accounts.append("a", new MoneyDeposited(BigDecimal.ONE, null, null));
            accounts.flush();
            assertAccountsEqualTheFoldOf(accounts, installation);
        }
    }

    private static Skip skip(ViewId view, RecordPlace place) {
        return new Skip(view, place, "test", Instant.now());
    }

    private static void assertAccountsEqualTheFoldOf(EventLog<AccountEvent> accounts, Installation installation) {
        AccountsView view = new AccountsView();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(installation.rows().of(view)).isEqualTo(accounts.rowsOf(view)));
    }

    private static int soldTo(Installation installation, String country) {
        CountrySalesRow row = installation.rows().of(new FaultySales()).get(country);
        return row == null ? 0 : (int) row.orders();
    }

    private static OrderPlaced placed(String country) {
        OrderLine line = new OrderLine("sku", "thing", 2, new BigDecimal("1.25"));
        return new OrderPlaced("customer", country, "GBP", null, List.of(line), new BigDecimal("2.5"));
    }

    /** The sum comes after the fold, in a transaction of its own. */
    private static void awaitSold(Installation installation, String country, long orders) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(soldTo(installation, country)).isEqualTo(orders));
    }

    private static void awaitStopRecord(Installation installation, RecordPlace place, String since) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(installation
                                .kafka()
                                .records(installation.topics().views())
                                .stream()
                                .filter(record -> new String(record.key(), UTF_8).startsWith("stop/")))
                        .singleElement()
                        .satisfies(record -> {
                            assertThat(record.key())
                                    .asString(UTF_8)
                                    .isEqualTo("stop/accounts/1/%s-%d".formatted(place.topic(), place.partition()));
                            assertThat(record.value())
                                    .asString(UTF_8)
                                    .contains("\"offset\":" + BEFORE, "\"since\":\"" + since + "\"", "can't be read");
                        }));
    }

    private static RecordPlace awaitStop(HttpServer http, String view) {
        await().atMost(LIMIT).until(() -> stopped(http, view).isObject());
        JsonNode stopped = stopped(http, view);
        return new RecordPlace(
                stopped.path("topic").asText(),
                stopped.path("partition").asInt(),
                stopped.path("offset").asLong());
    }

    private static JsonNode stopped(HttpServer http, String view) {
        return view(http, view).path("stopped");
    }

    private static JsonNode view(HttpServer http, String name) {
        try {
            for (JsonNode view : Json.mapper().readTree(get(http, "/v1/views")).path("views")) {
                if (view.path("name").asText().equals(name)) {
                    return view;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no view " + name);
    }

    private static double metric(HttpServer http, String name, String tag, String value) {
        Matcher line = Pattern.compile("(?m)^%s\\{%s=\"%s\"\\} (\\S+)$".formatted(name, tag, value))
                .matcher(get(http, "/metrics"));
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }

    private static void awaitReady(HttpServer http) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(get(http, "/health/ready")).isEqualTo("{\"status\":\"ready\"}"));
    }

    private static boolean isReady(HttpServer http) {
        return get(http, "/health/ready").equals("{\"status\":\"ready\"}");
    }

    private static String get(HttpServer http, String path) {
        try {
            return ProjectorProcess.get(http.port(), path).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
