package dev.annals.checker.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;

/** Makes what is no HTTP/1.1 of a request that is. */
final class BrokenHttp {

    private static final int MANY_HEADERS = 400;
    private static final int LONG = 20_000;

    static final List<Kind> KINDS = List.of(
            new Kind("mutated bytes", (head, body, dice) -> Hostile.mutated(Hostile.joined(head, body), dice)),
            new Kind("mutated head", (head, body, dice) -> Hostile.joined(Hostile.mutated(head, dice), body)),
            new Kind("cut off", (head, body, dice) -> {
                byte[] all = Hostile.joined(head, body);
                return Hostile.head(all, dice.below(all.length));
            }),
            new Kind("request line", (head, body, dice) -> Hostile.joined(requestLine(dice), afterLine(head), body)),
            new Kind(
                    "long header",
                    (head, body, dice) -> withHeader(head, body, "X-Long: " + "l".repeat(dice.between(5_000, LONG)))),
            new Kind(
                    "long path",
                    (head, body, dice) -> Hostile.joined(
                            ("GET /" + "p".repeat(dice.between(3_000, LONG)) + " HTTP/1.1\r\n").getBytes(ISO_8859_1),
                            afterLine(head),
                            body)),
            new Kind("many headers", (head, body, dice) -> {
                StringBuilder many = new StringBuilder();
                for (int i = dice.between(50, MANY_HEADERS); i > 0; i--) {
                    many.append("X-").append(i).append(": 1\r\n");
                }
                return withHeader(head, body, many.toString().strip());
            }),
            new Kind("folded header", (head, body, dice) -> withHeader(head, body, "X-Folded: a\r\n b\r\n\tc")),
            new Kind(
                    "header line",
                    (head, body, dice) -> withHeader(
                            head,
                            body,
                            dice.pick(List.of(
                                    "NoColon",
                                    ": no name",
                                    "Space before : 1",
                                    " leading: 1",
                                    "Bad(name): 1",
                                    "X: a\0b",
                                    "X: \u00FF\u00FE",
                                    "X: a\rb",
                                    "X: a\nb: c",
                                    "\0: 1",
                                    "Cookie: \"",
                                    "Host: other",
                                    "Host:",
                                    "Connection: keep-alive, close, \0",
                                    "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk",
                                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13",
                                    "Expect: 200-maybe",
                                    "Trailer: Content-Length")))),
            new Kind(
                    "length",
                    (head, body, dice) -> withHeader(
                            head,
                            body,
                            "Content-Length: "
                                    + dice.pick(List.of(
                                            "-1",
                                            "+1",
                                            "1e3",
                                            "99999999999999999999",
                                            "9223372036854775807",
                                            "0",
                                            "1",
                                            "5, 5",
                                            "5, 6",
                                            "",
                                            "0x10",
                                            " 7 7",
                                            "1000000000")))),
            new Kind(
                    "transfer encoding",
                    (head, body, dice) -> Hostile.joined(
                            withHeader(
                                    head,
                                    new byte[0],
                                    "Transfer-Encoding: "
                                            + dice.pick(List.of(
                                                    "chunked",
                                                    "chunked, chunked",
                                                    "gzip, chunked",
                                                    "identity",
                                                    "x",
                                                    "chunked\r\nTransfer-Encoding: identity",
                                                    "\u000bchunked"))),
                            chunks(dice))),
            new Kind("pipelined", (head, body, dice) -> {
                byte[] one = Hostile.joined(head, body);
                byte[] junk = dice.oneIn(2) ? dice.bytes(dice.between(1, 50)) : one;
                return Hostile.joined(one, one, junk, one);
            }),
            new Kind(
                    "line ends",
                    (head, body, dice) -> Hostile.joined(
                            new String(head, ISO_8859_1)
                                    .replace("\r\n", dice.pick(List.of("\n", "\r", "\r\r\n", "\n\r", "\r\n ")))
                                    .getBytes(ISO_8859_1),
                            body)),
            new Kind("random", (head, body, dice) -> dice.bytes(dice.between(1, 400))),
            new Kind(
                    "other protocol",
                    (head, body, dice) -> dice.pick(List.of(
                                    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\u0012\4\0\0\0\0\0",
                                    "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003",
                                    "SSH-2.0-OpenSSH_9.6\r\n",
                                    "EHLO localhost\r\nQUIT\r\n",
                                    "*1\r\n$4\r\nPING\r\n",
                                    "\0\0\0#\0\u0012\0\3\0\0\0\1",
                                    "\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                    "GET /\r\n\r\n",
                                    "GET / HTTP/0.9\r\n\r\n",
                                    "GET / HTTP/1.0\r\n\r\n",
                                    "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n"))
                            .getBytes(ISO_8859_1)));

    private BrokenHttp() {}

    interface Break {
        byte[] make(byte[] head, byte[] body, Dice dice);
    }

    /** @param name for people */
    record Kind(String name, Break how) {

        byte[] make(byte[] head, byte[] body, Dice dice) {
            return how.make(head, body, dice);
        }
    }

    private static byte[] requestLine(Dice dice) {
        String text = dice.pick(List.of(
                "GET",
                "GET ",
                "GET  / HTTP/1.1",
                "GET / HTTP/1.1 x",
                "GET / HTTP/9.9",
                "GET / HTTP/1.",
                "GET / HTTP/11",
                "GET / http/1.1",
                "GET /\0 HTTP/1.1",
                "GET /%00 HTTP/1.1",
                "GET /%zz HTTP/1.1",
                "GET /%c0%af HTTP/1.1",
                "GET /%u0041 HTTP/1.1",
                "GET /v1/%2e%2e/%2e%2e/metrics HTTP/1.1",
                "GET /v1/..;/metrics HTTP/1.1",
                "GET /v1//accounts//x HTTP/1.1",
                "GET /v1/accounts/a%2Fb HTTP/1.1",
                "GET /v1/accounts/a%5Cb HTTP/1.1",
                "GET /v1/accounts/\u00e4\u00ff HTTP/1.1",
                "GET /v1/accounts?a=%zz HTTP/1.1",
                "GET /v1/accounts?limit=%ff%fe HTTP/1.1",
                "GET /v1/accounts?%=%&=&&&=%0 HTTP/1.1",
                "GET /v1/accounts#f HTTP/1.1",
                "GET * HTTP/1.1",
                "OPTIONS * HTTP/1.1",
                "GET http://evil.example/v1/accounts HTTP/1.1",
                "GET http:///v1/accounts HTTP/1.1",
                "GET //evil.example/ HTTP/1.1",
                "GET v1/accounts HTTP/1.1",
                "GET ?a=b HTTP/1.1",
                "GET \\v1\\accounts HTTP/1.1",
                "CONNECT 127.0.0.1:80 HTTP/1.1",
                "CONNECT / HTTP/1.1",
                "TRACE / HTTP/1.1",
                "G\u00cbT / HTTP/1.1",
                "G(T / HTTP/1.1",
                " GET / HTTP/1.1",
                "\u0001 / HTTP/1.1"));
        if (dice.oneIn(10)) {
            text = "M".repeat(dice.between(100, LONG)) + " / HTTP/1.1";
        }
        return (text + "\r\n").getBytes(ISO_8859_1);
    }

    /** From behind the request line. */
    private static byte[] afterLine(byte[] head) {
        for (int i = 0; i < head.length; i++) {
            if (head[i] == '\n') {
                return Hostile.tail(head, i + 1);
            }
        }
        return head;
    }

    private static byte[] withHeader(byte[] head, byte[] body, String line) {
        return Hostile.joined(Hostile.head(head, head.length - 2), (line + "\r\n\r\n").getBytes(ISO_8859_1), body);
    }

    private static byte[] chunks(Dice dice) {
        return dice.pick(List.of(
                        "5\r\nabcde\r\n0\r\n\r\n",
                        "5\r\nabc",
                        "zz\r\nabc\r\n0\r\n\r\n",
                        "-1\r\n\r\n",
                        "ffffffffffffffff\r\nabc\r\n",
                        "7fffffff\r\nabc\r\n",
                        "5\nabcde\n0\n\n",
                        "5;" + "e".repeat(9_000) + "\r\nabcde\r\n0\r\n\r\n",
                        "0\r\nX: 1\r\nContent-Length: 5\r\n\r\n",
                        "0\r\n" + "T: 1\r\n".repeat(2_000) + "\r\n",
                        "2\r\n{}\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "2\r\n{}XX0\r\n\r\n",
                        ""))
                .getBytes(ISO_8859_1);
    }
}
