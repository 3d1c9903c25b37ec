package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Orders and accounts whose commands, and the answers to them, are known beforehand. Number n is always the same
 * business. Each command has a key of its own and is sent under it until it is answered, as the README tells clients
 * to.
 */
final class Business {

    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int CLIENTS = 8;
    private static final String ACCEPTED = "accepted";
    private static final List<String> COUNTRIES = List.of("France", "Norway", "Eire", "Spain", "Cape Verde");

    private static final JsonMapper JSON = new JsonMapper();

    /** Where commands are sent to. */
    interface Door {
        HttpResponse<String> post(String path, String json, String... headers) throws IOException, InterruptedException;
    }

    /** @param outcome {@code accepted}, or the code of the rejection */
    private record Step(String command, String body, String outcome) {}

    /** A command, and everything that a client can see of its answer. */
    record Exchange(String path, String body, String key, Answer answer) {}

    record Answer(int status, Optional<String> etag, Optional<String> location, JsonNode body, boolean replayed) {

        static Answer of(HttpResponse<String> response) throws IOException {
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("ETag"),
                    response.headers().firstValue("Location"),
                    JSON.readTree(response.body()),
                    response.headers().firstValue("Idempotent-Replayed").isPresent());
        }

        String outcome() {
            return body.path("outcome").asText().equals(ACCEPTED)
                    ? ACCEPTED
                    : body.path("code").asText();
        }

        Answer asReplayed() {
            return new Answer(status, etag, location, body, true);
        }
    }

    private final Door door;

    Business(Door door) {
        this.door = door;
    }

    static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(Business::id).toList();
    }

    /** The same for the order and for the account. */
    static String id(int number) {
        return "b-" + number;
    }

    /** All of the numbers from 0, by several clients at the same time. */
    List<Exchange> all(int count) throws Exception {
        return byClients(IntStream.range(0, count)
                .<Callable<List<Exchange>>>mapToObj(number -> () -> one(number))
                .toList());
    }

    /** An order and an account from the beginning. */
    List<Exchange> one(int number) throws Exception {
        List<Exchange> exchanges = new ArrayList<>(steps("orders", number, "first", order(number)));
        exchanges.addAll(steps("accounts", number, "first", account(number)));
        return exchanges;
    }

    /** What these orders and accounts still allow, and what they forbid. */
    List<Exchange> goOn(int count) throws Exception {
        return byClients(IntStream.range(0, count)
                .<Callable<List<Exchange>>>mapToObj(number -> () -> {
                    List<Exchange> exchanges = new ArrayList<>(steps("orders", number, "then", orderGoesOn(number)));
                    exchanges.addAll(steps("accounts", number, "then", accountGoesOn(number)));
                    return exchanges;
                })
                .toList());
    }

    /** Sends them all again, and finds each that is not answered as it was. */
    List<String> again(List<Exchange> exchanges) throws Exception {
        return byClients(exchanges.stream()
                .<Callable<List<String>>>map(each -> () -> again(each))
                .toList());
    }

    private List<String> again(Exchange first) throws Exception {
        Answer expected = first.answer().asReplayed();
        Answer found = answered(first.path(), first.body(), first.key());
        return found.equals(expected)
                ? List.of()
                : List.of("%s again: %s instead of %s".formatted(first.key(), found, expected));
    }

    private static <T> List<T> byClients(List<Callable<List<T>>> tasks) throws Exception {
        List<T> all = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (Future<List<T>> each : clients.invokeAll(tasks)) {
                all.addAll(each.get());
            }
        }
        return all;
    }

    private List<Exchange> steps(String type, int number, String part, List<Step> steps) throws Exception {
        List<Exchange> exchanges = new ArrayList<>();
        for (Step step : steps) {
            String path = "/v1/%s/%s/%s".formatted(type, id(number), step.command());
            String key = "%s-%s-%s-%d".formatted(type, id(number), part, exchanges.size());
            Answer answer = answered(path, step.body(), key);
            assertThat(answer.outcome()).as("%s: %s", key, answer).isEqualTo(step.outcome());
            exchanges.add(new Exchange(path, step.body(), key, answer));
        }
        return exchanges;
    }

    private Answer answered(String path, String body, String key) throws IOException, InterruptedException {
        long limit = System.nanoTime() + ANSWER_LIMIT.toNanos();
        while (true) {
            Optional<HttpResponse<String>> response = response(path, body, key);
            if (response.isPresent() && isResult(response.get())) {
                return Answer.of(response.get());
            }
            if (System.nanoTime() > limit) {
                throw new AssertionError("%s has no result after %s: %s".formatted(key, ANSWER_LIMIT, response));
            }
            Thread.sleep(PAUSE);
        }
    }

    /** None while nobody listens. */
    private Optional<HttpResponse<String>> response(String path, String body, String key) throws InterruptedException {
        try {
            return Optional.of(door.post(path, body, "Idempotency-Key", key));
        } catch (IOException nobody) {
            return Optional.empty();
        }
    }

    private static boolean isResult(HttpResponse<String> response) {
        return switch (response.statusCode()) {
            case 202, 429, 503 -> false;
            default -> true;
        };
    }

    private static List<Step> order(int number) {
        Step place = accepted(
                "PlaceOrder", """
                {"customerId":"C%d","country":"%s","currency":"EUR","placedAt":"2026-11-%02dT10:00:00Z","lines":[
                  {"sku":"a","description":"Tea","quantity":2,"unitPrice":"1.25"},
                  {"sku":"b","description":"Cup","quantity":1,"unitPrice":"0.5"}]}""".formatted(number % 7, COUNTRIES.get(number / 5 % COUNTRIES.size()), 1 + number % 20));
        return switch (number % 5) {
            case 0 ->
                List.of(
                        place,
                        new Step("PayOrder", "{\"method\":\"card\",\"amount\":\"2.5\"}", "payment-amount-mismatch"),
                        accepted("PayOrder", "{\"method\":\"card\",\"amount\":\"3\"}"),
                        accepted("ShipOrder", "{\"carrier\":\"Post\",\"trackingNumber\":\"T%d\"}".formatted(number)),
                        accepted("DeliverOrder", "{}"),
                        accepted("ReturnLines", "{\"lines\":[{\"sku\":\"a\",\"quantity\":1}]}"));
            case 1 -> List.of(place, accepted("CancelOrder", "{\"reason\":\"too late\"}"));
            case 2 ->
                List.of(
                        place,
                        accepted("PayOrder", "{\"method\":\"card\",\"amount\":\"3.00\"}"),
                        accepted("CancelOrder", "{\"reason\":\"too dear\"}"));
            case 3 -> List.of(place, accepted("ChangeOrderLines", """
                    {"lines":[{"sku":"c","description":"Pot","quantity":1,"unitPrice":"7.5001"}]}"""));
            default -> List.of(place);
        };
    }

    private static List<Step> orderGoesOn(int number) {
        return switch (number % 5) {
            case 0 ->
                List.of(
                        new Step(
                                "ReturnLines",
                                "{\"lines\":[{\"sku\":\"a\",\"quantity\":2}]}",
                                "return-exceeds-purchase"),
                        accepted("ReturnLines", "{\"lines\":[{\"sku\":\"a\",\"quantity\":1}]}"));
            case 1, 2 ->
                List.of(new Step("ShipOrder", "{\"carrier\":\"Post\",\"trackingNumber\":\"T\"}", "order-cancelled"));
            case 3 ->
                List.of(
                        new Step("PayOrder", "{\"method\":\"cash\",\"amount\":\"3\"}", "payment-amount-mismatch"),
                        accepted("PayOrder", "{\"method\":\"cash\",\"amount\":\"7.5001\"}"));
            default -> List.of(accepted("CancelOrder", "{\"reason\":\"forgotten\"}"));
        };
    }

    /** Every fourth one is closed in the end. */
    private static List<Step> account(int number) {
        List<Step> steps = new ArrayList<>(List.of(
                accepted(
                        "OpenAccount",
                        "{\"owner\":\"Ada %d\",\"currency\":\"EUR\",\"overdraftLimit\":\"100\"}".formatted(number)),
                accepted("Deposit", "{\"amount\":\"50.25\",\"bookedOn\":\"2026-11-01\",\"reference\":\"pay\"}"),
                accepted("Deposit", "{\"amount\":\"0.0001\"}"),
                accepted("Withdraw", "{\"amount\":\"20.1\",\"reference\":\"rent\"}"),
                new Step("Withdraw", "{\"amount\":\"1000\"}", "insufficient-funds")));
        if (isClosed(number)) {
            steps.addAll(List.of(
                    accepted("Withdraw", "{\"amount\":\"30.1501\"}"),
                    accepted("CloseAccount", "{}"),
                    new Step("Deposit", "{\"amount\":\"1\"}", "account-closed")));
        }
        return steps;
    }

    private static List<Step> accountGoesOn(int number) {
        return isClosed(number)
                ? List.of(new Step("Deposit", "{\"amount\":\"2\"}", "account-closed"))
                : List.of(
                        new Step("Withdraw", "{\"amount\":\"130.1502\"}", "insufficient-funds"),
                        accepted("Withdraw", "{\"amount\":\"130.1501\"}"));
    }

    private static boolean isClosed(int number) {
        return number % 4 == 0;
    }

    private static Step accepted(String command, String body) {
        return new Step(command, body, ACCEPTED);
    }
}
