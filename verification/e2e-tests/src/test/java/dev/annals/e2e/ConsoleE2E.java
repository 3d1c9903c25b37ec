package dev.annals.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.annals.e2e.Installation.Ran;
import dev.annals.e2e.Installation.Running;
import dev.annals.embedded.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console in a real browser. One installation; the tests follow each other. With
 * {@code -Dannals.console.screenshots=FOLDER} the pictures of the documents are taken.
 */
@Tag("heavy")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ConsoleE2E {

    private static final String ORDER = "/t/orders/o-100";
    private static final int FIRST_PAINT_MILLIS = 300;
    private static final int MOST_SCRIPT_BYTES = 60 * 1024;

    /** The best of so many counts: a machine that others use says nothing by one. */
    private static final int MOST_LOADS = 30;

    /** Whether the list shows versions near this one, with what they say. */
    private static final String READ_NEAR = """
            (version) => [...document.querySelectorAll('.event button')].some((row) =>
              Math.abs(Number(row.querySelector('.number').textContent.replaceAll(',', '')) - version) < 40 &&
              row.querySelector('.data').textContent.includes('reading'))""";

    /** Of the process service here, so that an instance is parked by a plain command. */
    private static final int MOST_EFFECTS = 20;

    private static final int LONG_LIFE = 100_000;
    private static final int MOST_ROWS = 60;

    /** On a machine that others use, too. */
    private static final double SHOWN_WITHIN_MILLIS = 20_000;

    private static final double COMES_BACK_MILLIS = 60_000;
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path folder;

    private static Installation annals;
    private static Chromium chromium;

    /** Beside that of the installation, with other settings. */
    private static final List<Process> CONSOLES = new ArrayList<>();

    @BeforeAll
    static void everything_starts() throws Exception {
        Optional<Path> executable = Chromium.installed();
        assumeTrue(executable.isPresent(), "no Chromium is on the path: Debian's package is chromium");
        annals = new Installation(folder);
        annals.configure(Map.of("ANNALS_PROCESS_MAX_EFFECTS", Integer.toString(MOST_EFFECTS)));
        Ran up = annals.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();
        assertThat(up.out()).contains("Console   " + annals.console());
        chromium = new Chromium(executable.get(), annals.console());
        PlaywrightAssertions.setDefaultAssertionTimeout(SHOWN_WITHIN_MILLIS);
    }

    @AfterAll
    static void everything_stops() throws Exception {
        CONSOLES.forEach(Process::destroyForcibly);
        if (chromium != null) {
            chromium.close();
        }
        if (annals != null) {
            annals.stop();
        }
    }

    /** Of every page that was opened. */
    @AfterEach
    void no_page_has_failed_or_asked_another_origin() {
        assertThat(chromium.faults()).isEmpty();
    }

    @Test
    @Order(1)
    void an_empty_installation_says_what_to_send_and_sends_it() {
        Page page = chromium.page();
        page.navigate("/");
        assertThat(page.getByText("Nothing has happened here yet")).isVisible();
        assertThat(page.locator(".services")).containsText("Commands ready");

        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Send 4 commands"))
                .click();

        page.waitForURL("**" + ORDER);
        assertThat(page.locator(".of-total")).hasText("4 of 4");
        assertThat(page.locator(".event .name"))
                .hasText(new String[] {"OrderShipped", "OrderPaid", "OrderLinesChanged", "OrderPlaced"});
        page.context().close();
    }

    @Test
    @Order(2)
    void a_newcomer_sees_the_life_of_an_imported_order_in_three_clicks() throws Exception {
        Ran imported = annals.run("import", "online-retail");
        assertThat(imported.exitCode()).as(imported.toString()).isZero();
        Page page = chromium.page();
        page.navigate("/");

        page.locator(".card")
                .getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName("orders").setExact(true))
                .click();
        page.locator(".rows-table")
                .getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName("536365").setExact(true))
                .click();

        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText("orders 536365");
        assertThat(page.locator(".event.chosen .name")).hasText("OrderPlaced");
        assertThat(page.locator(".event-panel time")).hasText("2010-12-01 08:26:00");
        assertThat(page.locator(".state-panel .mini tbody tr")).hasCount(7);
        page.locator(".event-panel .link").click();
        assertThat(page.locator(".result")).containsText("accepted");
        page.context().close();
    }

    @Test
    @Order(3)
    void rows_are_filtered_by_the_address_and_a_view_has_its_own() throws Exception {
        Page page = chromium.page();
        page.navigate("/t/orders?country=France");
        int inFrance = json(annals.get("/v1/orders?country=France&limit=1000"))
                .path("items")
                .size();
        assertThat(page.locator(".rows-table tbody tr")).hasCount(inFrance);
        page.getByLabel("total").fill("1000..");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(Pattern.compile(".*country=France.*total=1000.*"));
        int large = json(annals.get("/v1/orders?country=France&total=1000..&limit=1000"))
                .path("items")
                .size();
        assertThat(page.locator(".rows-table tbody tr")).hasCount(large);

        page.navigate("/");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("country-sales"))
                .click();
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("its rows"))
                .click();
        int countries =
                json(annals.get("/v1/country-sales?limit=1000")).path("items").size();
        assertThat(page.locator(".rows-table tbody tr")).hasCount(countries);
        assertThat(page.locator(".rows-table th a")).hasCount(0);
        page.context().close();
    }

    @Test
    @Order(3)
    void the_slider_shows_each_version_as_the_service_has_it() throws Exception {
        Page page = chromium.page();
        page.navigate(ORDER);
        assertThat(page.locator(".of-total")).hasText("4 of 4");

        page.locator(".slider").focus();
        page.keyboard().press("Home");
        for (int version = 1; version <= 4; version++) {
            assertThat(page.locator(".state-panel h2")).containsText("at " + version + ", ");
            JsonNode state = json(annals.get("/v1/orders/o-100/state?version=" + version))
                    .path("state");
            assertThat(fields(page)).as("version %d", version).isEqualTo(scalars(state));
            page.keyboard().press("ArrowRight");
        }

        assertThat(fields(page)).containsEntry("status", "SHIPPED");
        assertThat(page.locator(".row.changed", new Page.LocatorOptions().setHasText("status")))
                .containsText("PAID");
        page.context().close();
    }

    /** Those that the tree shows in one line each, without what was before. */
    private static Map<String, String> fields(Page page) {
        Object found = page.evaluate("""
                () => Object.fromEntries([...document.querySelectorAll('.state-panel .row[data-depth="0"]:not([data-nested]):not(.removed)')]
                  .map((row) => [row.querySelector('.key').textContent, (row.querySelector('.value ins') ?? row.querySelector('.value')).textContent.trim()])
                  .filter(([, value]) => value !== '[ ]' && value !== '{ }'))""");
        return JSON.convertValue(found, JSON.getTypeFactory().constructMapType(Map.class, String.class, String.class));
    }

    private static Map<String, String> scalars(JsonNode state) {
        Map<String, String> scalars = new TreeMap<>();
        state.properties().forEach(field -> {
            if (field.getValue().isValueNode()) {
                scalars.put(field.getKey(), field.getValue().asText());
            }
        });
        return scalars;
    }

    @Test
    @Order(3)
    void a_diff_has_both_states_and_nothing_else() throws Exception {
        Page page = chromium.page();
        page.navigate("/");

        assertThat(page.evaluate(resource("/console/diff-property.js"), 7)).isEqualTo("none");
        page.context().close();
    }

    @Test
    @Order(4)
    void an_address_shows_the_same_to_somebody_else() {
        Page first = chromium.page();
        first.navigate(ORDER);
        first.locator(".event .number")
                .filter(new Locator.FilterOptions().setHasText("2"))
                .click();
        assertThat(first.locator(".state-panel h2")).containsText("at 2, compared with 1");
        first.getByLabel("compared with").fill("0");
        first.keyboard().press("Enter");
        first.waitForURL("**" + ORDER + "?v=2&vs=0");
        assertThat(first.locator(".state-panel h2")).containsText("at 2, compared with nothing");
        String seen = first.locator(".state-panel").innerText();

        Page second = chromium.page();
        second.navigate(first.url());
        assertThat(second.locator(".state-panel h2")).containsText("at 2, compared with nothing");

        assertThat(second.locator(".state-panel").innerText()).isEqualTo(seen);
        first.goBack();
        first.goBack();
        assertThat(first.locator(".of-total")).hasText("4 of 4");
        first.context().close();
        second.context().close();
    }

    @Test
    @Order(5)
    void a_new_event_slides_in_by_itself() throws Exception {
        Page page = chromium.page();
        page.navigate(ORDER);
        assertThat(page.locator(".live")).hasText("live");

        assertThat(annals.post("/v1/orders/o-100/DeliverOrder", "{}").statusCode())
                .isEqualTo(200);

        assertThat(page.locator(".of-total")).hasText("5 of 5");
        assertThat(page.locator(".event.fresh .name")).hasText("OrderDelivered");
        assertThat(page.locator(".state-panel h2")).containsText("at 5, compared with 4");
        page.context().close();
    }

    @Test
    @Order(6)
    void everything_works_by_keyboard_alone() {
        Page page = chromium.page();
        page.navigate("/");
        assertThat(page.locator(".card").first()).isVisible();
        page.keyboard().press("Control+k");
        page.keyboard().type("o-100");
        assertThat(page.locator("#goals li").first()).containsText("orders / o-100");
        page.keyboard().press("Enter");
        page.waitForURL("**" + ORDER);
        assertThat(page.locator(".of-total")).hasText("5 of 5");

        page.keyboard().press("ArrowLeft");
        assertThat(page).hasURL(Pattern.compile(".*\\?v=4$"));
        page.keyboard().press("Home");
        assertThat(page.locator(".of-total")).hasText("1 of 5");
        page.keyboard().press("Space");
        assertThat(page.locator(".play")).hasText("Pause");
        assertThat(page.locator(".of-total")).hasText("5 of 5");
        assertThat(page.locator(".play")).hasText("Play");
        page.keyboard().press("End");
        assertThat(page).hasURL(Pattern.compile(".*" + ORDER));
        page.keyboard().press("?");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("One version back");
        page.keyboard().press("Escape");
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);

        page.locator(".event.chosen button").focus();
        page.keyboard().press("ArrowDown");
        assertThat(page.locator(".event.chosen button")).isFocused();
        assertThat(page.locator(".event.chosen .number")).hasText("4");
        page.context().close();
    }

    /** Of each thing that Tab comes to, what shows that it has the focus. */
    @Test
    @Order(7)
    void what_has_the_focus_can_be_seen() {
        Page page = chromium.page();
        page.navigate(ORDER);
        assertThat(page.locator(".of-total")).hasText("5 of 5");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            page.keyboard().press("Tab");
            Object outline = page.evaluate("""
                    () => { const on = document.activeElement; const style = getComputedStyle(on);
                      return `${on.tagName} ${on.textContent.trim().slice(0, 20)}: ${style.outlineStyle} ${style.outlineWidth}` }""");
            names.add(String.valueOf(outline));
        }

        assertThat(names).allSatisfy(name -> assertThat(name).endsWith(": solid 2px"));
        assertThat(names).anyMatch(name -> name.contains("Play")).anyMatch(name -> name.contains("orders"));
        page.context().close();
    }

    @Test
    @Order(8)
    void the_first_paint_is_quick_and_the_scripts_are_small() {
        List<Double> paints = new ArrayList<>();
        double bytes = 0;
        while (paints.size() < MOST_LOADS && paints.stream().noneMatch(each -> each < FIRST_PAINT_MILLIS)) {
            Page page = chromium.page();
            page.navigate("/api/console"); // what a browser needs to begin with another origin is not the page's
            page.navigate(ORDER);
            assertThat(page.locator(".of-total")).hasText("5 of 5");
            paints.add(((Number)
                            page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0].startTime"))
                    .doubleValue());
            bytes = ((Number) page.evaluate("""
                    () => performance.getEntriesByType('resource').filter((each) => each.name.endsWith('.js'))
                      .reduce((sum, each) => sum + each.encodedBodySize, 0)""")).doubleValue();
            page.context().close();
        }

        System.out.printf("first paint after %s ms, %.0f bytes of script%n", paints, bytes);
        assertThat(paints).anyMatch(each -> each < FIRST_PAINT_MILLIS);
        assertThat(bytes).isPositive().isLessThan(MOST_SCRIPT_BYTES);
    }

    @Test
    @Order(9)
    void axe_finds_nothing_in_either_theme() throws Exception {
        String axe = resource("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js");
        List<String> findings = new ArrayList<>();
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(1280, 390)) {
                Page page = chromium.page(width, 900, colours);
                page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
                for (String address : List.of(
                        "/", "/t/orders", "/views/country-sales/rows", ORDER + "?v=2", "/t/orders/none", "/t/none")) {
                    page.navigate(address);
                    assertThat(page.locator("h1")).hasCount(1);
                    assertThat(page.locator(".loading")).hasCount(0);
                    findings.addAll(findings(page, axe, "%s at %d, %s".formatted(address, width, colours)));
                }
                page.keyboard().press("?");
                findings.addAll(findings(page, axe, "keys, " + colours));
                page.keyboard().press("Escape");
                page.keyboard().press("Control+k");
                findings.addAll(findings(page, axe, "go to, " + colours));
                page.context().close();
            }
        }

        assertThat(findings).isEmpty();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ConsoleE2E.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> findings(Page page, String axe, String where) {
        page.evaluate(axe + "; undefined");
        List<String> found = (List<String>) page.evaluate("""
                async () => (await axe.run()).violations.flatMap((each) => each.nodes.map((node) =>
                  `${each.id}: ${node.target} ${node.any.map((check) => check.message).join('; ')}`))""");
        return found.stream().map(each -> where + ": " + each).toList();
    }

    @Test
    @Order(10)
    void a_console_that_is_read_only_says_so_and_sends_nothing() throws Exception {
        int port = console(Map.of(
                "ANNALS_CONSOLE_READ_ONLY", "true",
                "ANNALS_CONSOLE_COMMAND_URLS", "http://127.0.0.1:" + annals.commandsPort(),
                "ANNALS_CONSOLE_QUERY_URLS", "http://127.0.0.1:" + annals.queriesPort()));
        try (Chromium other = new Chromium(Chromium.installed().orElseThrow(), "http://127.0.0.1:" + port)) {
            Page page = other.page();
            page.navigate(ORDER);
            assertThat(page.locator(".of-total")).hasText("5 of 5");
            assertThat(page.locator("#read-only")).isVisible();

            Object refused = page.evaluate("""
                    async () => { const answer = await fetch('/api/command/v1/orders/o-100/ReturnLines',
                      {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'});
                      return `${answer.status} ${(await answer.json()).code}` }""");

            assertThat(refused).isEqualTo("403 read-only");
            assertThat(other.faults()).isEmpty();
        }
    }

    @Test
    @Order(10)
    void where_it_is_production_pages_say_so_and_who_changes_something_types_its_name() throws Exception {
        int port = console(Map.of(
                "ANNALS_CONSOLE_PRODUCTION", "shop-eu",
                "ANNALS_CONSOLE_COMMAND_URLS", "http://127.0.0.1:" + annals.commandsPort(),
                "ANNALS_CONSOLE_QUERY_URLS", "http://127.0.0.1:" + annals.queriesPort()));
        try (Chromium other = new Chromium(Chromium.installed().orElseThrow(), "http://127.0.0.1:" + port)) {
            Page page = other.page();
            page.navigate("/t/accounts/production-1/send/OpenAccount");
            assertThat(page.locator("#production")).hasText("Production: shop-eu");
            button(page, "Fill in the example").click();
            button(page, "Try").click();
            assertThat(page.locator("[aria-label=Result]")).containsText("AccountOpened");

            button(page, "Send").click();
            Locator dialog = page.locator("an-confirm dialog");
            assertThat(dialog).containsText("send OpenAccount to production-1");
            Locator yes = dialog.getByText("Do it");
            assertThat(yes).isDisabled();
            dialog.locator("input").fill("shop-us");
            assertThat(yes).isDisabled();
            page.keyboard().press("Escape");
            assertThat(dialog).isHidden();
            assertThat(annals.get("/v1/accounts/production-1").statusCode()).isEqualTo(404);

            button(page, "Send").click();
            dialog.locator("input").fill("shop-eu");
            assertThat(findings(page, resource("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js"), "typed"))
                    .isEmpty();
            yes.click();
            assertThat(page.locator("[aria-label=Result]")).containsText("version 1");
            assertThat(other.faults()).isEmpty();
        }
    }

    @Test
    @Order(11)
    void a_hundred_thousand_events_are_scrolled_through_as_ten_are() throws Exception {
        try (LongLife query = new LongLife(LONG_LIFE)) {
            int port = console(Map.of("ANNALS_CONSOLE_QUERY_URLS", query.url()));
            try (Chromium other = new Chromium(Chromium.installed().orElseThrow(), "http://127.0.0.1:" + port)) {
                Page page = other.page();
                page.navigate(LongLife.PATH);
                assertThat(page.locator(".of-total")).hasText("100,000 of 100,000");
                for (double part : List.of(0.25, 0.5, 0.75, 1.0, 0.1)) {
                    page.locator(".timeline")
                            .evaluate(
                                    "(list, part) => { list.scrollTop = part * (list.scrollHeight - list.clientHeight) }",
                                    part);
                    page.waitForFunction(READ_NEAR, LONG_LIFE * (1 - part));
                    assertThat(page.locator(".event").count())
                            .as("rows at %.2f", part)
                            .isBetween(1, MOST_ROWS);
                }
                page.keyboard().press("Home");
                assertThat(page.locator(".event.chosen .number")).hasText("1");
                assertThat(page.locator(".state-panel .row .value")).hasText("1");

                assertThat(query.limits()).isNotEmpty().allMatch(limit -> limit <= 200);
                assertThat(other.faults()).isEmpty();
            }
        }
    }

    @Test
    @Order(11)
    void what_was_erased_has_expired_is_retired_or_has_parts_is_marked_in_its_place() throws Exception {
        try (LongLife query = new LongLife(4) {
            @Override
            List<String> items(int version) {
                return switch (version) {
                    case 1 -> List.of();
                    case 2 -> List.of("{\"version\":2,\"erased\":true,\"id\":\"meters/long/2\"}");
                    case 3 ->
                        List.of(
                                item(3, "test.MeterRead", ",\"part\":1,\"parts\":2"),
                                item(3, "test.MeterMoved", ",\"part\":2,\"parts\":2"));
                    default ->
                        List.of(item(4, "test.MeterSold", ",\"retired\":true")
                                .replace("\"reading\":4", "\"reading\":9007199254740993"));
                };
            }
        }) {
            int port = console(Map.of("ANNALS_CONSOLE_QUERY_URLS", query.url()));
            try (Chromium other = new Chromium(Chromium.installed().orElseThrow(), "http://127.0.0.1:" + port)) {
                Page page = other.page();
                page.navigate(LongLife.PATH);
                assertThat(page.locator(".event .name"))
                        .hasText(new String[] {"MeterSold", "MeterRead + MeterMoved", "Erased", "Expired"});
                assertThat(page.locator(".event.chosen .data"))
                        .hasText("reading 9007199254740993"); // which a double rounds
                assertThat(page.locator(".event .tag")).hasText(new String[] {"retired", "2 parts"});
                assertThat(page.locator(".event.gone .data"))
                        .hasText(new String[] {"its data was erased", "kept no longer"});
                assertThat(other.faults()).isEmpty();
            }
        }
    }

    /** A service behind it has {@code annals.auth=oidc}. */
    @Test
    @Order(11)
    void where_a_service_asks_who_one_is_the_page_asks_for_a_token_and_keeps_it_in_the_tab() throws Exception {
        try (LongLife query = new LongLife(3, "a.b.c")) {
            int port = console(Map.of("ANNALS_CONSOLE_QUERY_URLS", query.url()));
            try (Chromium other = new Chromium(Chromium.installed().orElseThrow(), "http://127.0.0.1:" + port)) {
                Page page = other.page();
                page.navigate(LongLife.PATH);
                assertThat(page.getByRole(AriaRole.ALERT)).containsText("Unauthenticated");

                page.getByLabel("A token (JWT)").fill("a.b.c");
                page.keyboard().press("Enter");

                assertThat(page.locator(".of-total")).hasText("3 of 3");
                assertThat(page.locator(".token")).hasCount(0);
                assertThat(page.evaluate(
                                "() => `${localStorage.length} ${document.cookie} ${location.href.includes('a.b.c')}`"))
                        .isEqualTo("0  false");
                page.reload();
                assertThat(page.locator(".of-total")).hasText("3 of 3");
                assertThat(other.faults()).isEmpty();
            }
        }
    }

    private static List<Integer> numbers(Page page) {
        return page.locator(".event .number").allInnerTexts().stream()
                .map(text -> Integer.valueOf(text.replace(",", "")))
                .toList();
    }

    @Test
    @Order(12)
    void where_the_query_service_is_killed_the_page_says_so_comes_back_and_misses_nothing() throws Exception {
        Page page = chromium.page();
        page.navigate(ORDER);
        assertThat(page.locator(".live")).hasText("live");
        int before = json(annals.get("/v1/orders/o-100/state")).path("version").asInt();

        Installation.kill(annals.process("query service"));
        assertThat(page.locator(".live")).hasAttribute("data-state", "waiting");
        HttpResponse<String> returned =
                annals.post("/v1/orders/o-100/ReturnLines", "{\"lines\":[{\"sku\":\"22752\",\"quantity\":1}]}");
        assertThat(returned.statusCode()).as(returned.body()).isEqualTo(200);
        Ran up = annals.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();

        assertThat(page.locator(".of-total"))
                .hasText(
                        "%d of %d".formatted(before + 1, before + 1),
                        new LocatorAssertions.HasTextOptions().setTimeout(COMES_BACK_MILLIS));
        assertThat(page.locator(".live")).hasText("live");
        assertThat(numbers(page)).doesNotHaveDuplicates().hasSize(before + 1);
        page.context().close();
    }

    @Test
    @Order(13)
    void a_command_is_tried_without_a_trace_then_sent() throws Exception {
        Page page = chromium.page();
        page.navigate("/t/accounts/tried/send/OpenAccount");
        assertThat(page.getByLabel("Expected version")).hasValue("0");
        String key = page.locator("#key").inputValue();

        button(page, "Send").click();
        assertThat(page.locator(".form .error").first()).containsText("expected");
        assertThat(page.locator("#key")).hasValue(key);

        page.getByLabel("owner").fill("Ada");
        page.getByLabel("currency").fill("EUR");
        button(page, "Try").click();
        assertThat(page.locator(".outcome h2")).hasText("It would be accepted; nothing was sent");
        assertThat(page.locator(".outcome")).containsText("AccountOpened");
        assertThat(annals.get("/v1/accounts/tried/state").statusCode()).isEqualTo(404);

        button(page, "Send").click();
        assertThat(page.locator(".outcome h2")).hasText("It was accepted");
        assertThat(page.getByLabel("Expected version")).hasValue("1");
        assertThat(page.locator("#key")).not().hasValue(key);
        page.locator(".outcome")
                .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(key))
                .click();
        assertThat(page.locator(".outcome h2")).hasText("accepted");
        page.context().close();
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    @Test
    @Order(13)
    void a_view_is_replayed_and_what_it_replaced_is_dropped() {
        Page page = chromium.page();
        page.navigate("/views/accounts");
        assertThat(page.locator("tbody tr")).hasCount(1);
        button(page, "Replay").click();
        assertThat(page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText("replaced")))
                .hasCount(1, new LocatorAssertions.HasCountOptions().setTimeout(COMES_BACK_MILLIS));

        button(page, "Drop replaced").click();
        button(page, "Drop them").click();

        assertThat(page.locator("tbody tr"))
                .hasCount(1, new LocatorAssertions.HasCountOptions().setTimeout(COMES_BACK_MILLIS));
        page.context().close();
    }

    @Test
    @Order(13)
    void a_dead_letter_is_shown_and_sent_again() throws Exception {
        try (Producer<byte[], byte[]> producer = annals.kafka().newProducer()) {
            producer.send(new ProducerRecord<>(
                            "accounts.commands", "buried".getBytes(UTF_8), "no Avro".getBytes(UTF_8)))
                    .get(30, TimeUnit.SECONDS);
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(annals.run("dead-letters", "accounts").out()).contains("unreadable"));
        Page page = chromium.page();
        page.navigate("/dead-letters/accounts");
        page.locator("tbody th a").first().click();
        assertThat(page.locator(".letter")).containsText("It can't be decoded.");
        page.locator(".letter summary").last().click();
        assertThat(page.locator(".letter .bytes")).containsText("no Avro");

        button(page, "Send again").click();

        assertThat(page.locator("tbody th a"))
                .hasCount(2, new LocatorAssertions.HasCountOptions().setTimeout(COMES_BACK_MILLIS));
        page.context().close();
    }

    @Test
    @Order(13)
    void axe_finds_nothing_on_the_screens_of_operators() throws Exception {
        String axe = resource("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js");
        List<String> findings = new ArrayList<>();
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page page = chromium.page(colours == ColorScheme.LIGHT ? 1280 : 390, 900, colours);
            page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
            for (String address : List.of(
                    "/t/orders/new/send/PlaceOrder",
                    "/views",
                    "/views/orders",
                    "/dead-letters/orders",
                    "/processes/transfers",
                    "/processes/transfers/none",
                    "/commands/none",
                    "/settings?q=http",
                    "/map")) {
                page.navigate(address);
                assertThat(page.locator("h1")).hasCount(1);
                assertThat(page.locator(".loading")).hasCount(0);
                findings.addAll(findings(page, axe, "%s, %s".formatted(address, colours)));
            }
            page.context().close();
        }

        assertThat(findings).isEmpty();
    }

    /** What can't be read in the events stops their views, also one that is being built. */
    @Test
    @Order(15)
    void a_stopped_view_is_replayed_in_vain_the_replay_cancelled_and_the_record_skipped() throws Exception {
        try (Producer<byte[], byte[]> producer = annals.kafka().newProducer()) {
            producer.send(new ProducerRecord<>(
                            "claims.events", "torn/0000000000000000001".getBytes(UTF_8), "no Avro".getBytes(UTF_8)))
                    .get(30, TimeUnit.SECONDS);
        }
        Page page = chromium.page();
        page.navigate("/views/claims");
        assertThat(region(page, "Stopped").locator("h2")).hasText("Generation 1 has stopped", longer());
        assertThat(region(page, "Stopped")).containsText("key torn/0000000000000000001");

        button(page, "Replay").click();
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Generation 2 is begun.");
        assertThat(page.locator("h2").filter(new Locator.FilterOptions().setHasText("is being built")))
                .hasText("Generation 2 is being built", longer());
        button(page, "Cancel the replay").click();
        button(page, "No").click();
        assertThat(page.locator(".question")).hasCount(0);
        button(page, "Cancel the replay").click();
        page.locator(".question").getByText("Cancel the replay").click();
        assertThat(page.getByRole(AriaRole.STATUS).first()).hasText("The replay is cancelled.");
        assertThat(generations(page))
                .hasCount(1, new LocatorAssertions.HasCountOptions().setTimeout(COMES_BACK_MILLIS));

        button(page, "Skip this record").click();
        assertThat(page.locator(".question")).hasCount(0); // a reason is required
        region(page, "Stopped").getByLabel("Reason").fill("torn by a test");
        button(page, "Skip this record").click();
        assertThat(page.locator(".question")).containsText("is missing from claims, for ever");
        button(page, "Skip it").click();
        assertThat(page.getByRole(AriaRole.STATUS).first()).containsText("It is noted");
        assertThat(region(page, "Stopped"))
                .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(COMES_BACK_MILLIS));
        assertThat(generations(page))
                .containsText("running", new LocatorAssertions.ContainsTextOptions().setTimeout(COMES_BACK_MILLIS));
        assertThat(annals.run("audit").out()).contains("claims", "torn by a test");
        page.context().close();
    }

    private static Locator region(Page page, String name) {
        return page.getByRole(
                AriaRole.REGION, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator generations(Page page) {
        return region(page, "Generations").locator("tbody tr");
    }

    private static LocatorAssertions.HasTextOptions longer() {
        return new LocatorAssertions.HasTextOptions().setTimeout(COMES_BACK_MILLIS);
    }

    @Test
    @Order(16)
    void a_view_is_replayed_in_place_when_somebody_has_said_so_twice() {
        Page page = chromium.page();
        page.navigate("/views/customer-orders");
        int before = Integer.parseInt(generations(page).locator("td").first().innerText());
        page.getByLabel("in place").check();
        assertThat(page.locator(".lines")).containsText("--in-place");
        button(page, "Replay").click();
        assertThat(page.locator(".question")).containsText("nobody can read the view");
        button(page, "Replay in place").click();

        assertThat(page.getByRole(AriaRole.STATUS).first()).hasText("Generation %d is begun.".formatted(before + 1));
        assertThat(generations(page)
                        .filter(new Locator.FilterOptions().setHasText("live"))
                        .locator("td")
                        .first())
                .hasText(Integer.toString(before + 1), longer());
        page.context().close();
    }

    /** The second one waits until somebody has said stop. */
    @Test
    @Order(16)
    void all_dead_letters_of_a_reason_are_sent_again_and_stopped() throws Exception {
        try (Producer<byte[], byte[]> producer = annals.kafka().newProducer()) {
            for (int i = 0; i < 3; i++) {
                producer.send(new ProducerRecord<>(
                                "claims.commands", ("torn-" + i).getBytes(UTF_8), "no Avro".getBytes(UTF_8)))
                        .get(30, TimeUnit.SECONDS);
            }
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(annals.run("dead-letters", "claims").out()).contains("torn-0", "torn-1", "torn-2"));
        Page page = chromium.page();
        List<Route> held = new ArrayList<>();
        List<String> sent = new ArrayList<>();
        page.route("**/resend", route -> {
            sent.add(route.request().url());
            if (sent.size() == 2) {
                held.add(route);
            } else {
                route.resume();
            }
        });
        page.navigate("/dead-letters/claims");
        page.getByLabel("Reasons").getByText("unreadable 3").click();
        assertThat(page).hasURL(Pattern.compile(".*\\?reason=unreadable$"));
        button(page, "Send all of these again").click();
        button(page, "Send them").click();
        assertThat(page.getByRole(AriaRole.STATUS).first()).containsText("1 of 3 are sent again");
        button(page, "Stop").click();
        page.waitForCondition(() -> !held.isEmpty());
        held.getFirst().resume();
        assertThat(page.getByRole(AriaRole.STATUS).first()).hasText("2 of 3 were sent again; stopped.");
        assertThat(sent).hasSize(2);

        page.navigate("/dead-letters/claims?reason=unreadable");
        assertThat(page.locator("tbody th a")).hasCount(5);
        button(page, "Send all of these again").click();
        button(page, "Send them").click();
        assertThat(page.getByRole(AriaRole.STATUS).first()).hasText("5 of 5 were sent again.", longer());
        page.context().close();
    }

    /** At more conferences than a process may ask at once. */
    private static HttpResponse<String> placeTooManySeats(String order) throws Exception {
        String line = "{\"sku\":\"seats:hall-%d\",\"description\":\"\",\"quantity\":1,\"unitPrice\":\"1\"}";
        return annals.post(
                "/v1/orders/%s/PlaceOrder".formatted(order),
                "{\"customerId\":\"ann\",\"country\":\"France\",\"currency\":\"EUR\",\"lines\":[%s]}"
                        .formatted(IntStream.range(0, MOST_EFFECTS + 1)
                                .mapToObj(line::formatted)
                                .collect(Collectors.joining(","))));
    }

    @Test
    @Order(16)
    void a_parked_instance_is_tried_again_and_what_it_is_parked_with_skipped() throws Exception {
        HttpResponse<String> placed = placeTooManySeats("tour");
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
        Page page = chromium.page();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> annals.get("/v1/processes/reservations/tour").statusCode() == 200);
        page.navigate("/processes/reservations?status=parked");
        page.locator("tbody th a").click();
        assertThat(region(page, "Parked")).containsText("at most %d are allowed".formatted(MOST_EFFECTS));
        assertThat(page.locator(".entries li")).hasCount(1);

        button(page, "Try again").click();
        assertThat(page.getByRole(AriaRole.STATUS).first()).containsText("told to try again");
        assertThat(region(page, "Parked")).isVisible(); // nothing has changed
        region(page, "Parked").getByLabel("Reason").fill("too many halls");
        button(page, "Skip this input").click();
        button(page, "Skip it").click();

        assertThat(region(page, "Parked"))
                .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(COMES_BACK_MILLIS));
        assertThat(page.locator("h1 + .state")).hasText("running");
        assertThat(page.locator(".entries li")).hasCount(2);
        page.locator(".entries summary").last().click();
        assertThat(page.locator(".entries")).containsText("too many halls");
        page.context().close();
    }

    @Test
    @Order(16)
    void a_form_has_lists_of_records_with_the_error_at_its_field() throws Exception {
        Page page = chromium.page();
        page.navigate("/t/orders/typed/send/PlaceOrder");
        page.getByLabel("currency").fill("EUR");
        button(page, "Add to lines").click();
        Locator second = page.getByRole(
                AriaRole.GROUP, new Page.GetByRoleOptions().setName("lines 2").setExact(true));
        fill(
                page.getByRole(
                        AriaRole.GROUP,
                        new Page.GetByRoleOptions().setName("lines 1").setExact(true)),
                "22752",
                "2");
        fill(second, "85123A", "two");
        button(page, "Try").click();
        assertThat(second.getByLabel("quantity")).hasAttribute("aria-invalid", "true");
        assertThat(second.locator(".error")).containsText("expected");
        assertThat(page.locator(".form .error")).hasCount(1);
        assertThat(second.getByLabel("quantity")).hasValue("two");

        page.getByLabel("Remove lines 1").click();
        assertThat(second).hasCount(0);
        Locator only = page.getByRole(
                AriaRole.GROUP, new Page.GetByRoleOptions().setName("lines 1").setExact(true));
        assertThat(only.getByLabel("sku")).hasValue("85123A");
        only.getByLabel("quantity").fill("3");
        Request sent = page.waitForRequest(
                "**/typed/PlaceOrder", () -> button(page, "Send").click());
        assertThat(JSON.readTree(sent.postData()).at("/lines/0/description").asText("none"))
                .isEmpty();
        assertThat(page.locator(".outcome h2")).hasText("It was accepted");
        assertThat(page.locator(".outcome")).containsText("85123A");
        page.context().close();
    }

    private static void fill(Locator line, String sku, String quantity) {
        line.getByLabel("sku").fill(sku);
        line.getByLabel("description").fill("\"\""); // a text without characters
        line.getByLabel("quantity").fill(quantity);
        line.getByLabel("unitPrice").fill("2.50");
    }

    @Test
    @Order(16)
    void go_to_knows_views_processes_dead_letters_commands_and_screens() {
        Map<String, String> addresses = Map.of(
                "country", "/views/country-sales",
                "transf", "/processes/transfers",
                "letters / seats", "/dead-letters/seats",
                "settings", "/settings",
                "map", "/map",
                "0123456789abcdef", "/commands/0123456789abcdef");
        Page page = chromium.page();
        page.navigate("/");
        addresses.forEach((typed, address) -> {
            page.keyboard().press("Control+k");
            page.locator("an-go input").fill(typed);
            assertThat(page.locator("#goals li")).hasCount(1);
            page.keyboard().press("Enter");
            assertThat(page).hasURL(chromium.origin() + address);
        });
        page.context().close();
    }

    /** Where there is something to operate: a parked instance, dead letters, a view. */
    @Test
    @Order(17)
    void a_console_that_is_read_only_has_nothing_to_operate_with() throws Exception {
        assertThat(placeTooManySeats("tour-2").statusCode()).isEqualTo(201);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> annals.get("/v1/processes/reservations/tour-2").statusCode() == 200);
        int port = console(Map.of(
                "ANNALS_CONSOLE_READ_ONLY", "true",
                "ANNALS_CONSOLE_COMMAND_URLS", "http://127.0.0.1:" + annals.commandsPort(),
                "ANNALS_CONSOLE_QUERY_URLS", "http://127.0.0.1:" + annals.queriesPort(),
                "ANNALS_CONSOLE_PROJECTOR_URLS", "http://127.0.0.1:" + annals.projectorPort(),
                "ANNALS_CONSOLE_PROCESS_URLS", "http://127.0.0.1:" + annals.processesPort()));
        try (Chromium other = new Chromium(Chromium.installed().orElseThrow(), "http://127.0.0.1:" + port)) {
            Page page = other.page();
            Locator operations = page.locator("main button:not(.lines button)");
            page.navigate("/views/claims");
            assertThat(generations(page)).hasCount(1);
            assertThat(operations).hasCount(0);
            page.navigate("/dead-letters/claims?reason=unreadable");
            page.locator("tbody th a").first().click();
            assertThat(page.locator(".letter")).isVisible();
            assertThat(operations).hasCount(0);
            assertThat(page.getByLabel("Reasons").getByRole(AriaRole.BUTTON)).hasCount(0);
            page.navigate("/processes/reservations/tour-2");
            assertThat(region(page, "Parked")).isVisible();
            assertThat(operations).hasCount(0);
            page.navigate("/t/orders/new/send/PlaceOrder");
            assertThat(page.locator("main form")).containsText("This console is read only");
            assertThat(button(page, "Try")).hasCount(0);
            assertThat(button(page, "Send")).hasCount(0);
            assertThat(other.faults()).isEmpty();
        }
    }

    /** By a property: they are part of the sources. */
    @Test
    @Order(20)
    void pictures_for_the_documents_are_taken_where_that_is_asked_for() throws Exception {
        String wanted = System.getProperty("annals.console.screenshots");
        assumeTrue(wanted != null, "no -Dannals.console.screenshots=FOLDER");
        Path images = Files.createDirectories(Path.of(String.valueOf(wanted)));
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(1280, 390)) {
                Page page = chromium.page(width, width == 390 ? 844 : 860, colours);
                page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
                for (Map.Entry<String, String> screen : Map.of(
                                "start", "/", "type", "/t/orders", "aggregate", ORDER + "?v=2")
                        .entrySet()) {
                    page.navigate(screen.getValue());
                    assertThat(page.locator("h1")).hasCount(1);
                    assertThat(page.locator(".loading")).hasCount(0);
                    assertThat(page.locator(".live").first()).hasText("live");
                    page.screenshot(new Page.ScreenshotOptions()
                            .setPath(images.resolve("console-%s-%d-%s.png"
                                    .formatted(
                                            screen.getKey(),
                                            width,
                                            colours.name().toLowerCase(Locale.ROOT)))));
                }
                page.context().close();
            }
        }
    }

    /** Starts a console beside that of the installation, and waits until it is ready. */
    private static int console(Map<String, String> environment) throws Exception {
        int port = FreePorts.any();
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Installation.CURRENT.resolve("lib").toAbsolutePath() + "/*",
                "dev.annals.console.ConsoleService");
        builder.environment().putAll(environment);
        builder.environment().put("ANNALS_HTTP_PORT", Integer.toString(port));
        Running started = Running.of(builder, folder);
        CONSOLES.add(started.process());
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> annals.get(port, "/health/ready").statusCode() == 200);
        return port;
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}
