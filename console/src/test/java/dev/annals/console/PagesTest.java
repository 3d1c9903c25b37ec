package dev.annals.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class PagesTest {

    private static RunningConsole console;

    @BeforeAll
    static void start() {
        console = new RunningConsole(Map.of());
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/?live=orders",
                "/t/orders",
                "/t/orders/536365?v=17&vs=16",
                "/t/claims/email:ada~40x.org",
                "/t/orders/o-1/send/PayOrder",
                "/views",
                "/views/orders?x=1",
                "/views/country-sales/rows?total=5..&limit=3",
                "/dead-letters/orders?at=2:17",
                "/processes/transfers?status=parked",
                "/processes/transfers/ada~1?v=2",
                "/commands/k-1",
                "/settings?q=http",
                "/map"
            })
    void the_address_of_each_screen_is_answered_with_the_page(String address) throws Exception {
        HttpResponse<String> page = console.get(address);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
        assertThat(page.body()).contains("<main id=\"screen\"");
    }

    @Test
    void a_page_takes_scripts_and_styles_from_here_alone_and_stands_in_no_frame() throws Exception {
        Map<String, java.util.List<String>> headers = console.get("/").headers().map();

        assertThat(headers.get("Content-Security-Policy"))
                .containsExactly(
                        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'");
        assertThat(headers.get("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(headers.get("Referrer-Policy")).containsExactly("no-referrer");
    }

    @ParameterizedTest
    @CsvSource({
        "app.css, text/css",
        "icon.svg, image/svg+xml",
        "js/app.js, text/javascript",
        "js/screens/aggregate.js, text/javascript",
        "vendor/lit.js, text/javascript",
        "vendor/lit-license.txt, text/plain"
    })
    void a_file_is_asked_for_again_and_sent_only_where_it_is_another(String name, String mediaType) throws Exception {
        HttpResponse<String> first = console.get("/assets/" + name);
        String etag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again =
                console.send(console.request("/assets/" + name).header("If-None-Match", etag));

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("Content-Type").orElseThrow()).startsWith(mediaType);
        assertThat(first.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void a_file_is_compressed_for_who_takes_that() throws Exception {
        HttpResponse<byte[]> packed = console.client()
                .send(
                        console.request("/assets/vendor/lit.js")
                                .header("Accept-Encoding", "gzip")
                                .build(),
                        BodyHandlers.ofByteArray());

        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(new String(unpacked.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo(console.get("/assets/vendor/lit.js").body());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/none.js",
                "/assets/js",
                "/assets/openapi.json",
                "/assets/%2e%2e/openapi.json",
                "/assets/..%2fopenapi.json",
                "/assets/js/../../openapi.json",
                "/assets/Pages.class",
                "/assets//app.css",
                "/elsewhere"
            })
    void nothing_else_is_there(String path) throws Exception {
        assertThat(console.get(path).statusCode()).isIn(400, 404);
    }

    @Test
    void it_is_ready_and_tells_its_figures() throws Exception {
        assertThat(console.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(console.get("/metrics").body()).contains("annals_ready 1.0", "annals_http_requests_seconds_count");
        assertThat(console.get("/openapi.json").body()).contains("/api/services", "/health/ready");
    }
}
