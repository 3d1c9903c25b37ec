package dev.annals.checker.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.checker.fuzz.HttpInput.Manner;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Malformed requests, each a pure function of the seed, its number and the catalog: half of them valid HTTP with wrong
 * content, half of them mutants of such, which are no HTTP any more. Thread-safe.
 *
 * @param authorizations values of that header, right and wrong ones; none where nobody is asked
 */
record HttpInputs(long seed, Catalog catalog, Map<Target, URI> addresses, List<String> authorizations) {

    private static final long STREAM = 1;
    private static final int AGGREGATES = 40;

    private static final List<Target> TARGETS = List.of(
            Target.COMMAND,
            Target.COMMAND,
            Target.COMMAND,
            Target.COMMAND,
            Target.QUERY,
            Target.QUERY,
            Target.QUERY,
            Target.QUERY,
            Target.PROCESS,
            Target.PROJECTOR);

    private static final List<String> METHODS = List.of(
            "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "get", "PROPFIND", "QUERY");

    private static final List<String> MEDIA_TYPES = List.of(
            "application/json",
            "application/json",
            "application/json",
            "application/json; charset=utf-8",
            "application/json; charset=utf-16",
            "application/json; charset=no-such-charset",
            "application/problem+json",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "application/avro",
            "*/*",
            ";",
            "application/json/x");

    private static final List<String> ACCEPTS = List.of(
            "*/*",
            "application/json",
            "text/html",
            "application/json;q=0",
            "application/json;q=2",
            "text/*;q=0.5, */*;q=0.1",
            "text/event-stream;q=0",
            "application/problem+json",
            ",,,",
            "a/b/c",
            "*",
            "q=1");

    /** Headers that mean something to a service or to what it is built on. */
    private static final List<String> HEADERS = List.of(
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "Prefer",
            "Last-Event-ID",
            "X-Correlation-Id",
            "traceparent",
            "tracestate",
            "Origin",
            "Sec-Fetch-Site",
            "X-Annals-Hop",
            "X-Annals-Generation",
            "X-Annals-Partitions",
            "X-HTTP-Method-Override",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "Forwarded",
            "Range",
            "If-Range",
            "If-Modified-Since",
            "Cookie",
            "Accept-Encoding",
            "Accept-Language",
            "Accept-Charset",
            "Content-Encoding",
            "Content-Language",
            "Content-Range",
            "Access-Control-Request-Method",
            "Access-Control-Request-Headers",
            "Cache-Control",
            "Via",
            "TE",
            "Upgrade-Insecure-Requests",
            "X-Unknown");

    private static final Map<String, List<String>> USUAL_VALUES = Map.of(
            "If-Match", List.of("\"1\"", "\"0\"", "*", "W/\"1\"", "\"1\", \"2\"", "1", "\"99999999999999999999\""),
            "If-None-Match", List.of("*", "\"1\"", "W/\"1\""),
            "Prefer",
                    List.of(
                            "respond-async",
                            "wait=1",
                            "wait=0",
                            "return=representation",
                            "respond-async, wait=99999999999",
                            "wait=-1",
                            "wait=\"1\"",
                            "a=b;c=d, ,=,"),
            "Last-Event-ID", List.of("1", "0", "-1", "1.0.0.0.0.0", "99999999999999999999"),
            "Content-Encoding", List.of("gzip", "br", "identity"),
            "Accept-Encoding", List.of("gzip", "gzip;q=0, *;q=0", "identity;q=0"),
            "Range", List.of("bytes=0-1", "bytes=-1", "bytes=5-1", "bytes=0-0,1-1,2-2"),
            "Sec-Fetch-Site", List.of("cross-site", "same-origin", "none"),
            "X-Annals-Hop", List.of("1", "query", "0"),
            "X-HTTP-Method-Override", List.of("DELETE", "PUT", "BREW"));

    HttpInput make(long number) {
        Dice dice = Dice.of(seed, STREAM, number);
        Target target = dice.pick(TARGETS);
        Request request = request(dice, target);
        byte[] bytes = request.bytes();
        if (dice.percent(50)) {
            return new HttpInput(
                    number,
                    target,
                    request.kind(),
                    bytes,
                    dice.oneIn(200) ? Manner.GIVEN_UP : Manner.REQUEST,
                    request.method().equals("HEAD"),
                    request.waits());
        }
        BrokenHttp.Kind kind = dice.pick(BrokenHttp.KINDS);
        Manner manner = switch (dice.below(30)) {
            case 0 -> Manner.GIVEN_UP;
            case 1 -> Manner.RESET;
            default -> Manner.BROKEN;
        };
        return new HttpInput(
                number,
                target,
                "broken: " + kind.name(),
                kind.make(request.head(), request.body(), dice),
                manner,
                request.method().equals("HEAD"),
                request.waits());
    }

    /** @param head everything before the body */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Request(String kind, String method, byte[] head, byte[] body, boolean waits) {

        byte[] bytes() {
            return Hostile.joined(head, body);
        }
    }

    private Request request(Dice dice, Target target) {
        Route route = route(dice, target);
        String method = dice.percent(8) ? dice.pick(METHODS) : route.method();
        String type = dice.percent(92) ? dice.pick(catalog.types()) : pathText(dice);
        Map<String, JsonNode> commands = catalog.commands().getOrDefault(type, Map.of());
        String command =
                commands.isEmpty() || dice.percent(5) ? pathText(dice) : dice.pick(List.copyOf(commands.keySet()));
        String path = path(dice, route.path(), type, command);
        StringBuilder query = new StringBuilder();
        boolean live = route.method().equals("GET") && dice.oneIn(300);
        boolean waits = query(dice, target, query);
        byte[] body = method.equals("GET") || (method.equals("HEAD") && dice.percent(90))
                ? new byte[0]
                : Bodies.make(commands.get(command), dice);
        boolean chunked = body.length > 0 && dice.oneIn(15);
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(path).append(query).append(" HTTP/1.1\r\n");
        headers(dice, head, target, live, body.length, chunked);
        return new Request(
                target + " " + route.method() + " " + route.path(),
                method,
                head.append("\r\n").toString().getBytes(UTF_8),
                chunked ? chunked(body, dice) : body,
                waits);
    }

    private Route route(Dice dice, Target target) {
        if (dice.oneIn(40)) {
            return new Route("GET", "/" + pathText(dice));
        }
        Target whose = dice.oneIn(25) ? dice.pick(List.of(Target.values())) : target;
        List<Route> routes = catalog.routes().getOrDefault(whose, List.of());
        Route route = dice.pick(routes);
        boolean sends = route.path().contains("{command}");
        // Most of what a service does is behind few of its routes.
        return target == Target.COMMAND && !sends && dice.percent(50)
                ? new Route("POST", "/v1/{type}/{id}/{command}")
                : route;
    }

    private String path(Dice dice, String template, String type, String command) {
        StringBuilder path = new StringBuilder();
        for (String segment : template.substring(1).split("/", -1)) {
            path.append('/').append(segment(dice, segment, type, command));
        }
        return switch (dice.below(60)) {
            case 0 -> path.append('/').toString();
            case 1 -> "/" + path;
            case 2 -> path + "/..";
            case 3 -> "/x/.." + path;
            case 4 -> path + ";jsessionid=1";
            case 5 -> path.toString().toUpperCase(Locale.ROOT);
            default -> path.toString();
        };
    }

    private String segment(Dice dice, String segment, String type, String command) {
        return switch (segment) {
            case "{type}" -> type;
            case "{command}" -> command;
            case "{view}" ->
                dice.percent(92) && !catalog.views().isEmpty() ? dice.pick(catalog.views()) : pathText(dice);
            case "{process}" ->
                dice.percent(90) && !catalog.processes().isEmpty() ? dice.pick(catalog.processes()) : pathText(dice);
            case "{id}", "{key}" -> dice.percent(60) ? id(type, dice) : pathText(dice);
            case "{commandId}" -> dice.percent(50) ? key(dice) : pathText(dice);
            case "{more}", "<rest>" -> pathText(dice);
            default -> dice.oneIn(200) ? pathText(dice) : segment;
        };
    }

    /** Few, so that states don't grow with the number of inputs. */
    static String id(String type, Dice dice) {
        int which = dice.below(AGGREGATES);
        return switch (type) {
            case "claims" -> "fuzz:" + which;
            case "flight-identities" -> "FZ" + which;
            default -> "fuzz-" + which;
        };
    }

    /** Of commands: mostly used before. */
    static String key(Dice dice) {
        return "key-" + dice.below(5_000);
    }

    /** As a part of a path; mostly encoded as it must be. */
    private static String pathText(Dice dice) {
        String text = Hostile.text(dice);
        if (text.isEmpty()) {
            text = "-";
        }
        String encoded = URLEncoder.encode(text, UTF_8).replace("+", "%20");
        return dice.oneIn(4) ? printable(text) : encoded;
    }

    /** Without what would end the request line. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.chars().filter(c -> c > ' ' && c < 0x7F && c != '#' && c != '?').forEach(c -> printable.append((char) c));
        return printable.isEmpty() ? "-" : printable.toString();
    }

    /** @return whether something may be waited for */
    private boolean query(Dice dice, Target target, StringBuilder query) {
        boolean waits = false;
        int parameters = dice.percent(target == Target.QUERY ? 70 : 25) ? dice.between(1, 3) : 0;
        for (int i = 0; i < parameters; i++) {
            String name = dice.percent(90) && !catalog.parameters().isEmpty()
                    ? dice.pick(catalog.parameters())
                    : printable(Hostile.text(dice));
            String value = switch (name) {
                case "timeout" -> dice.pick(List.of("0", "0.05", "0.001", "60.1", "-1", "1e1", "", "0.0001"));
                case "limit" -> dice.pick(List.of("1", "2", "1000", "1001", "0", "-1", "a", ""));
                case "min_version", "version" ->
                    dice.pick(List.of("1", "2", "0", "-1", "a", "9", "99999999999999999999"));
                default -> Hostile.text(dice);
            };
            waits |= name.equals("min_version");
            query.append(i == 0 ? '?' : '&').append(name);
            if (!dice.oneIn(20)) {
                query.append('=').append(dice.oneIn(5) ? printable(value) : URLEncoder.encode(value, UTF_8));
            }
        }
        if (waits) {
            query.append("&timeout=0.02"); // one value too many where one was there
        }
        return waits;
    }

    private void headers(Dice dice, StringBuilder head, Target target, boolean live, int length, boolean chunked) {
        URI address = addresses.get(target);
        String host = "%s:%d"
                .formatted(address == null ? "localhost" : address.getHost(), address == null ? 80 : address.getPort());
        header(head, "Host", dice.oneIn(60) ? hostName(dice) : host);
        if (!authorizations.isEmpty() && !dice.oneIn(50)) {
            header(head, "Authorization", dice.pick(authorizations));
        } else if (dice.oneIn(50)) {
            header(head, "Authorization", Hostile.header(dice));
        }
        if (live) {
            header(head, "Accept", "text/event-stream");
        } else if (dice.percent(25)) {
            header(head, "Accept", dice.pick(ACCEPTS));
        }
        if (chunked) {
            header(head, "Transfer-Encoding", "chunked");
        } else if (length > 0 || dice.oneIn(4)) {
            header(head, "Content-Length", Integer.toString(length));
        }
        if (length > 0 && !dice.oneIn(20)) {
            header(head, "Content-Type", dice.percent(90) ? "application/json" : dice.pick(MEDIA_TYPES));
        }
        if (target == Target.COMMAND && dice.percent(30)) {
            header(head, "Idempotency-Key", key(dice));
        }
        if (length > 0 && dice.oneIn(300)) {
            header(head, "Expect", "100-continue");
        }
        List<String> names = new ArrayList<>();
        for (int i = dice.percent(40) ? dice.between(1, 3) : 0; i > 0; i--) {
            String name = dice.pick(HEADERS);
            if (name.equals("Prefer") || !names.contains(name)) {
                names.add(name);
                List<String> usual = USUAL_VALUES.getOrDefault(name, List.of());
                header(head, name, usual.isEmpty() || dice.percent(40) ? Hostile.header(dice) : dice.pick(usual));
            }
        }
    }

    private static String hostName(Dice dice) {
        return dice.pick(List.of(
                "evil.example",
                "localhost",
                "127.0.0.1",
                "[::1]:80",
                "localhost:1",
                "LOCALHOST.",
                "a.b.c.d.",
                "1.2.3.4.5"));
    }

    private static void header(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private static byte[] chunked(byte[] body, Dice dice) {
        int at = dice.below(body.length);
        byte[] first = Hostile.head(body, at);
        byte[] rest = Hostile.tail(body, at);
        byte[] beginning = at == 0
                ? new byte[0]
                : Hostile.joined("%x\r\n".formatted(at).getBytes(UTF_8), first, "\r\n".getBytes(UTF_8));
        return Hostile.joined(
                beginning, "%x;x=y\r\n".formatted(rest.length).getBytes(UTF_8), rest, "\r\n0\r\n\r\n".getBytes(UTF_8));
    }
}
