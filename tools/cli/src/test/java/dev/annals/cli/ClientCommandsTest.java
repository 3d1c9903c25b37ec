package dev.annals.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.testsupport.http.FakeService;
import dev.annals.testsupport.http.FakeService.Request;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that speak HTTP, against a server that answers as the services do. */
class ClientCommandsTest {

    private static final String ACCEPTED = "{\"outcome\":\"accepted\",\"version\":2}";

    private final FakeService service = new FakeService();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    ClientCommandsTest() throws IOException {}

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void send_posts_the_fields_and_prints_the_result() {
        service.answer(200, ACCEPTED);

        assertThat(send("orders", "10:1", "PayOrder", "{\"method\":\"card\"}")).isZero();

        assertThat(request().method()).isEqualTo("POST");
        assertThat(request().target()).isEqualTo("/v1/orders/10%3A1/PayOrder");
        assertThat(request().body()).isEqualTo("{\"method\":\"card\"}");
        assertThat(request().headers()).containsEntry("Content-Type", "application/json");
        assertThat(out.toString()).contains("\"outcome\" : \"accepted\"").hasLineCount(4);
    }

    @Test
    void send_without_fields_sends_none() {
        service.answer(200, ACCEPTED);

        assertThat(send("orders", "1", "DeliverOrder", "--json")).isZero();

        assertThat(request().body()).isEqualTo("{}");
        assertThat(out.toString().strip()).isEqualTo(ACCEPTED);
    }

    @Test
    void send_takes_the_fields_from_a_file(@TempDir Path folder) throws IOException {
        service.answer(200, ACCEPTED);
        Path file = Files.writeString(folder.resolve("pay.json"), "{\"method\": \"card\"}");

        assertThat(send("orders", "1", "PayOrder", "@" + file)).isZero();

        assertThat(request().body()).isEqualTo("{\"method\": \"card\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            --id=k1         | Idempotency-Key | k1
            --if-match=7    | If-Match        | "7"
            --if-none-match | If-None-Match   | *
            --async         | Prefer          | respond-async
            --wait=5        | Prefer          | wait=5
            """)
    void the_options_of_send_are_headers(String option, String header, String value) {
        service.answer(202, "");

        assertThat(send("orders", "1", "DeliverOrder", option)).isZero();

        assertThat(request().headers()).containsEntry(header, value);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void contradicting_options_are_wrong_usage() {
        assertThat(send("orders", "1", "DeliverOrder", "--async", "--wait", "5"))
                .isEqualTo(2);
        assertThat(send("orders", "1", "DeliverOrder", "--if-match", "5", "--if-none-match"))
                .isEqualTo(2);
        assertThat(service.requests()).isEmpty();
    }

    @Test
    void a_problem_is_one_line_and_fails() {
        service.answer(
                409,
                "{\"title\":\"Order not payable\",\"status\":409,\"code\":\"order-not-payable\",\"detail\":\"it is paid\"}");

        assertThat(send("orders", "1", "DeliverOrder")).isEqualTo(1);

        assertThat(err.toString()).isEqualToIgnoringNewLines("annals: 409 order-not-payable: it is paid");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void an_answer_that_is_no_problem_document_is_shown_as_it_came() {
        service.answer(502, "<html>\nBad gateway</html>");

        assertThat(get("orders", "1")).isEqualTo(1);

        assertThat(err.toString()).contains("502", "<html> Bad gateway</html>").hasLineCount(1);
    }

    @Test
    void a_service_that_is_away_is_one_line_that_says_what_to_do() {
        service.close();

        assertThat(get("orders", "1")).isEqualTo(1);

        assertThat(err.toString())
                .contains("no query service answers at", "is the address right?")
                .hasLineCount(1);
    }

    @Test
    void get_escapes_the_key_and_waits_for_a_version() {
        service.answer(200, "{\"id\":\"United Kingdom\"}");

        assertThat(get("country-sales", "United Kingdom", "--min-version", "3", "--timeout", "2", "--json"))
                .isZero();

        assertThat(request().target()).isEqualTo("/v1/country-sales/United%20Kingdom?min_version=3&timeout=2");
        assertThat(out.toString().strip()).isEqualTo("{\"id\":\"United Kingdom\"}");
    }

    @Test
    void numbers_are_printed_as_they_came() {
        service.answer(200, "{\"lag\":12345678901234567890.10}");

        assertThat(get("orders", "1", "--json")).isZero();

        assertThat(out.toString()).contains("12345678901234567890.10");
    }

    @Test
    void a_token_of_a_file_goes_with_every_request(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "abc.def-_~+/g==\n");
        service.answer(200, "{\"items\":[]}").answer(200, ACCEPTED);

        assertThat(query("list", "orders", "--token-file", file.toString())).isZero();
        assertThat(send("orders", "1", "DeliverOrder", "--token-file", file.toString()))
                .isZero();

        assertThat(service.requests())
                .allSatisfy(request ->
                        assertThat(request.headers()).containsEntry("Authorization", "Bearer abc.def-_~+/g=="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two tokens", "a\nb", "ü", "secret\r\nX-Injected: 1"})
    void what_is_no_token_is_refused_and_not_shown(String text, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), text);

        assertThat(query("list", "orders", "--token-file", file.toString())).isEqualTo(1);

        assertThat(err.toString())
                .contains("token holds no token")
                .hasLineCount(1)
                .doesNotContain("secret", "two");
        assertThat(service.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            401 | false | --token-file FILE or in ANNALS_TOKEN
            401 | true  | get a new token
            403 | true  | annals.auth.policy
            """)
    void a_refusal_says_what_to_do(int status, boolean withToken, String what, @TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "abc");
        service.answer(status, "{\"code\":\"refused\",\"detail\":\"why\"}");

        int exit = withToken ? query("views", "--token-file", file.toString()) : query("views");

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString()).contains("refused: why", what).hasLineCount(1);
    }

    @Test
    void list_filters_and_pages() {
        service.answer(200, "{\"items\":[],\"nextCursor\":null}");

        assertThat(query("list", "customer-orders", "--filter", "customer=a&b", "--limit", "7", "--cursor", "x="))
                .isZero();

        assertThat(request().target()).isEqualTo("/v1/customer-orders?customer=a%26b&limit=7&cursor=x%3D");
    }

    @Test
    void list_filters_by_ranges() {
        service.answer(200, "{\"items\":[],\"nextCursor\":null}");

        assertThat(query("list", "orders", "--filter", "total=-5..", "--filter", "country=\"a..b\""))
                .isZero();

        assertThat(request().target()).isEqualTo("/v1/orders?total=-5..&country=%22a..b%22&limit=50");
    }

    @Test
    void history_reads_a_part_of_the_stream() {
        service.answer(200, "{\"items\":[],\"nextCursor\":null}");

        assertThat(query("history", "orders", "1", "--from", "3", "--limit", "2"))
                .isZero();

        assertThat(request().target()).isEqualTo("/v1/orders/1/events?from=3&limit=2");
    }

    @Test
    void views_lists_the_views() {
        service.answer(200, "{\"items\":[]}");

        assertThat(query("views")).isZero();

        assertThat(request().target()).isEqualTo("/v1/views");
    }

    @Test
    void views_says_of_a_stopped_view_where_why_and_how_to_skip_it() {
        String views = "{\"items\":[{\"name\":\"orders\",\"stopped\":null},{\"name\":\"accounts\",\"stopped\":"
                + "{\"topic\":\"accounts.events\",\"partition\":2,\"offset\":17,\"key\":\"a\\u001b/1\",\"reason\":\"garbage\","
                + "\"since\":\"2026-11-22T10:00:00Z\"}}]}";
        service.answer(200, views);
        assertThat(query("views")).isZero();

        assertThat(err.toString().lines())
                .hasSize(3)
                .first()
                .asString()
                .isEqualTo(
                        "accounts has stopped at accounts.events-2@17, key a?/1, since 2026-11-22T10:00:00Z: garbage");
        assertThat(err.toString()).endsWith("  annals skip accounts accounts.events-2@17 --reason TEXT\n");
        assertThat(out.toString()).startsWith("{").doesNotContain("annals skip");
    }

    @Test
    void what_views_says_to_do_is_about_the_folder_that_was_named() {
        service.answer(
                200,
                "{\"items\":[{\"name\":\"accounts\",\"stopped\":{\"topic\":\"accounts.events\",\"partition\":2,\"offset\":17}}]}");
        assertThat(query("views", "--data", "/srv/shop")).isZero();

        assertThat(err.toString())
                .endsWith("  annals skip accounts accounts.events-2@17 --reason TEXT --data /srv/shop\n");
    }

    @Test
    void views_says_how_far_a_generation_is_that_is_being_built() {
        service.answer(
                200,
                "{\"items\":[{\"name\":\"orders\",\"generation\":1,\"stopped\":null,\"replay\":{\"generation\":2,"
                        + "\"status\":\"taking-over\",\"since\":\"2026-11-22T10:00:00Z\",\"lagRecords\":12345,\"stopped\":null}},"
                        + "{\"name\":\"accounts\",\"generation\":null,\"stopped\":null,\"replay\":{\"generation\":1,"
                        + "\"status\":\"building\",\"since\":\"2026-11-22T10:00:00Z\",\"lagRecords\":0,\"stopped\":null}}]}");

        assertThat(query("views")).isZero();

        assertThat(err.toString().lines())
                .containsExactly(
                        "orders: generation 2 is taking over since 2026-11-22T10:00:00Z, 12,345 records behind;"
                                + " readers have generation 1",
                        "accounts: generation 1 is building since 2026-11-22T10:00:00Z, 0 records behind;"
                                + " readers have none yet");
    }

    @Test
    void views_for_machines_says_nothing_beside_the_json() {
        service.answer(200, "{\"items\":[{\"name\":\"accounts\",\"stopped\":{\"topic\":\"t\"}}]}");

        assertThat(query("views", "--json")).isZero();

        assertThat(err.toString()).isEmpty();
    }

    @Test
    void processes_lists_what_each_joins() {
        service.answer(
                200,
                "{\"items\":[{\"name\":\"transfers\",\"follows\":[\"accounts\"],\"sendsTo\":[\"accounts\",\"orders\"]}],\"nextCursor\":null}");

        assertThat(query("processes")).isZero();

        assertThat(request().target()).isEqualTo("/v1/processes");
        assertThat(out.toString()).isEqualToNormalizingNewlines("""
                        PROCESS    FOLLOWS   SENDS TO
                        transfers  accounts  accounts, orders
                        """);
    }

    @Test
    void processes_of_one_lists_its_instances_over_pages_and_says_what_to_do_about_the_parked() {
        service.answer(
                200,
                "{\"items\":[{\"id\":\"t-1\",\"version\":12,\"status\":\"PARKED\",\"time\":\"2026-11-22T10:00:00Z\",\"reason\":\"a bug\"}],\"nextCursor\":\"x\"}");
        service.answer(
                200,
                "{\"items\":[{\"id\":\"t-22\",\"version\":1,\"status\":\"PARKED\",\"time\":null,\"reason\":\"a bug\"}],\"nextCursor\":null}");

        assertThat(query("processes", "transfers", "--parked")).isZero();

        assertThat(service.requests())
                .extracting(Request::target)
                .containsExactly(
                        "/v1/processes/transfers?status=parked&limit=1000",
                        "/v1/processes/transfers?status=parked&limit=1000&cursor=x");
        assertThat(out.toString()).isEqualToNormalizingNewlines("""
                        ID    STATUS  VERSION  LAST INPUT            REASON
                        t-1   PARKED  12       2026-11-22T10:00:00Z  a bug
                        t-22  PARKED  1                              a bug
                        """);
        assertThat(err.toString())
                .contains("annals processes retry transfers t-1")
                .endsWith("skip transfers t-1 --reason TEXT\n");
    }

    @Test
    void processes_of_an_instance_says_what_came_and_what_it_did() {
        service.answer(
                200,
                "{\"id\":\"t-1\",\"version\":2,\"status\":\"PARKED\",\"reason\":\"a bug\",\"timers\":[{\"timer\":\"late\",\"time\":\"2026-11-22T11:00:00Z\"}],"
                        + "\"unanswered\":[{\"commandId\":\"transfers/t-1/1\",\"aggregateType\":\"accounts\",\"aggregateId\":\"bob\",\"type\":\"annals.accounts.Deposit\"}],"
                        + "\"state\":{\"step\":1}}");
        service.answer(
                200,
                "{\"items\":[{\"version\":1,\"time\":\"2026-11-22T10:00:00Z\",\"data\":{\"input\":{\"Happened\":{\"type\":\"accounts\",\"aggregateId\":\"ada\","
                        + "\"version\":3,\"events\":[{\"AccountClosed\":{}}]}},\"effects\":[{\"Send\":{\"number\":1,\"type\":\"accounts\",\"aggregateId\":\"bob\","
                        + "\"command\":{\"Deposit\":{\"amount\":\"5\"}}}},{\"At\":{\"timer\":\"late\",\"time\":\"2026-11-22T11:00:00Z\"}}],\"failure\":null,\"skipped\":null}},"
                        + "{\"version\":2,\"time\":\"2026-11-22T10:00:01Z\",\"data\":{\"input\":{\"Answered\":{\"number\":1,\"outcome\":\"REJECTED\",\"code\":\"account-closed\","
                        + "\"message\":\"it is closed\"}},\"effects\":[],\"failure\":\"a bug\",\"skipped\":null}}],\"nextCursor\":null}");

        assertThat(query("processes", "transfers", "t-1")).isZero();

        assertThat(service.requests())
                .extracting(Request::target)
                .containsExactly("/v1/processes/transfers/t-1", "/v1/processes/transfers/t-1/history?limit=1000");
        assertThat(out.toString()).isEqualToNormalizingNewlines("""
                        transfers t-1: PARKED, version 2
                          reason      a bug
                          state       {"step":1}
                          timer       late at 2026-11-22T11:00:00Z
                          unanswered  transfers/t-1/1: Deposit to accounts bob
                        1  2026-11-22T10:00:00Z  accounts ada version 3: AccountClosed
                             sends command 1 to accounts bob: Deposit {"amount":"5"}
                             sets timer late for 2026-11-22T11:00:00Z
                        2  2026-11-22T10:00:01Z  answer to command 1: REJECTED account-closed: it is closed
                             is parked: a bug
                        """);
    }

    @Test
    void processes_for_machines_has_the_instance_and_its_history() {
        service.answer(200, "{\"id\":\"t-1\",\"version\":1}");
        service.answer(200, "{\"items\":[{\"version\":1}],\"nextCursor\":null}");

        assertThat(query("processes", "transfers", "t-1", "--json")).isZero();

        assertThat(out.toString().strip())
                .isEqualTo("{\"instance\":{\"id\":\"t-1\",\"version\":1},\"history\":[{\"version\":1}]}");
    }

    @Test
    void a_parked_instance_is_told_to_try_again_or_to_pass_over() {
        service.answer(202, "");
        service.answer(202, "");

        assertThat(tell("retry", "transfers", "t-1")).isZero();
        assertThat(tell("skip", "transfers", "t-1", "--actor", "ann", "--reason", "booked \"by hand\""))
                .isZero();

        assertThat(service.requests())
                .extracting(each -> "%s %s %s".formatted(each.method(), each.target(), each.body()))
                .containsExactly(
                        "POST /v1/processes/transfers/t-1/retry {}",
                        "POST /v1/processes/transfers/t-1/skip {\"reason\":\"booked \\\"by hand\\\"\",\"actor\":\"ann\"}");
        assertThat(out.toString())
                .contains("Acts on process service " + service.url(), "transfers t-1 tries again, see");
    }

    @Test
    void a_reason_that_says_nothing_is_wrong_usage() {
        assertThat(tell("skip", "transfers", "t-1", "--reason", " ")).isEqualTo(2);
        assertThat(query("processes", "--parked")).isEqualTo(2);
        assertThat(service.requests()).isEmpty();
    }

    private int tell(String... args) {
        List<String> all = new ArrayList<>(List.of("processes"));
        all.addAll(List.of(args));
        all.addAll(List.of("--process-url", service.url()));
        return execute(all);
    }

    private int send(String... args) {
        return run("--command-url", "send", args);
    }

    private int get(String... args) {
        return run("--query-url", "get", args);
    }

    private int query(String command, String... args) {
        return run("--query-url", command, args);
    }

    private int run(String address, String command, String... args) {
        List<String> all = new ArrayList<>(List.of(command, address, service.url()));
        all.addAll(List.of(args));
        return execute(all);
    }

    private int execute(List<String> all) {
        return AnnalsMain.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private Request request() {
        assertThat(service.requests()).hasSize(1);
        return service.requests().getFirst();
    }
}
