package dev.annals.checker.answers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.checker.cluster.Installation;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * One client with accounts of its own: deposits, and reads what it deposited from any query service. An answer that is
 * not 200 is asked for again, of any instance, until it comes. For one thread.
 */
final class Client implements Runnable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(45);
    private static final int WAIT_SECONDS = 30;
    private static final Duration GIVEN_UP_AFTER = Duration.ofSeconds(60);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);

    /** That a client begins with, and that it comes to. */
    private static final int ACCOUNTS = 8;

    private static final int MAX_ACCOUNTS = 24;

    /** Of how many pairs one is followed by an account more, and by the list that must have it. */
    private static final int ACCOUNT_EVERY = 20;

    private static final int MAX_AMOUNT = 1_000;

    /** Of how many pairs one is followed by another question. */
    private static final int QUESTION_EVERY = 5;

    private static final int PAGE = 100;

    private final String name;
    private final Random random;
    private final Installation installation;
    private final HttpClient http;
    private final Journal journal;
    private final BooleanSupplier goesOn;
    private final List<Account> accounts = new ArrayList<>();

    /** @param goesOn taken for each pair; false ends the client */
    Client(
            String name,
            Random random,
            Installation installation,
            HttpClient http,
            Journal journal,
            BooleanSupplier goesOn) {
        this.name = name;
        this.random = random;
        this.installation = installation;
        this.http = http;
        this.journal = journal;
        this.goesOn = goesOn;
    }

    /** An answer. */
    private record Reply(int status, JsonNode json, boolean standby, String question) {}

    @Override
    public void run() {
        try {
            for (int i = 0; i < ACCOUNTS; i++) {
                open();
            }
            while (goesOn.getAsBoolean()) {
                pair();
                if (accounts.size() < MAX_ACCOUNTS && random.nextInt(ACCOUNT_EVERY) == 0) {
                    open();
                    list();
                }
                if (random.nextInt(QUESTION_EVERY) == 0) {
                    question();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            journal.found("%s gave up: %s".formatted(name, e));
        }
    }

    private void open() throws InterruptedException {
        Account account = new Account("%s-%d".formatted(name, accounts.size()));
        command(account, "OpenAccount", "{\"owner\":\"checker\",\"currency\":\"CZK\"}");
        account.opened();
        accounts.add(account);
        readRow(account);
    }

    private Account any() {
        return accounts.get(random.nextInt(accounts.size()));
    }

    private void pair() throws InterruptedException {
        Account account = any();
        BigDecimal amount = BigDecimal.valueOf(1L + random.nextInt(MAX_AMOUNT));
        command(account, "Deposit", "{\"amount\":\"%s\"}".formatted(amount));
        account.deposited(amount);
        long accepted = System.nanoTime();
        readRow(account);
        journal.seenAfter(System.nanoTime() - accepted);
    }

    /** The command service is left alone, but may wait for a broker that is busy with those that are not. */
    private void command(Account account, String command, String fields) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        installation.commands().resolve("/v1/accounts/%s/%s".formatted(account.id(), command)))
                .timeout(REQUEST_LIMIT)
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=" + WAIT_SECONDS)
                .header("Idempotency-Key", "%s-%d".formatted(account.id(), account.version() + 1))
                .POST(HttpRequest.BodyPublishers.ofString(fields))
                .build();
        long deadline = System.nanoTime() + GIVEN_UP_AFTER.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
                if (response.statusCode() < 202) {
                    return;
                }
                journal.count("command not accepted yet: " + response.statusCode());
            } catch (IOException e) {
                journal.count("command not answered: " + e.getClass().getSimpleName());
            }
            Thread.sleep(RETRY_PAUSE);
        }
        throw new IllegalStateException("%s of %s was not accepted".formatted(command, account.id()));
    }

    private void readRow(Account account) throws InterruptedException {
        Reply row = ask(
                "/v1/accounts/%s?min_version=%d&timeout=%d".formatted(account.id(), account.version(), WAIT_SECONDS));
        check(row, row.json().path("version").asLong() == account.version(), "version " + account.version());
        check(
                row,
                amount(row.json().path("balance")).compareTo(account.balance()) == 0,
                "balance " + account.balance());
    }

    private void question() throws InterruptedException {
        Account account = any();
        switch (random.nextInt(5)) {
            case 0 -> plainRow(account);
            case 1 -> stateAsItWas(account);
            case 2 -> newestState(account);
            case 3 -> history(account);
            default -> list();
        }
    }

    /** Without a version: a standby may be behind and says so, everybody else has shown this version before. */
    private void plainRow(Account account) throws InterruptedException {
        Reply row = ask("/v1/accounts/" + account.id());
        long version = row.json().path("version").asLong();
        check(row, version <= account.version(), "at most version " + account.version());
        check(row, row.standby() || version == account.version(), "version " + account.version());
        check(
                row,
                amount(row.json().path("balance")).compareTo(account.balanceAt(version)) == 0,
                "its version's balance");
    }

    private void stateAsItWas(Account account) throws InterruptedException {
        long version = 1 + random.nextLong(account.version());
        Reply state = ask(
                "/v1/accounts/%s/state?version=%d&min_version=%d".formatted(account.id(), version, account.version()));
        checkState(state, account, version);
    }

    private void newestState(Account account) throws InterruptedException {
        Reply state = ask("/v1/accounts/%s/state?min_version=%d&timeout=%d"
                .formatted(account.id(), account.version(), WAIT_SECONDS));
        checkState(state, account, account.version());
    }

    private void checkState(Reply state, Account account, long version) {
        check(state, state.json().path("version").asLong() == version, "version " + version);
        BigDecimal balance = amount(state.json().path("state").path("balance"));
        check(state, balance.compareTo(account.balanceAt(version)) == 0, "balance " + account.balanceAt(version));
    }

    private void history(Account account) throws InterruptedException {
        long from = Math.max(1, account.version() - random.nextInt(PAGE));
        Reply page = ask("/v1/accounts/%s/events?from=%d&limit=%d&min_version=%d&timeout=%d"
                .formatted(account.id(), from, PAGE, account.version(), WAIT_SECONDS));
        long expected = from;
        for (JsonNode event : page.json().path("items")) {
            check(page, event.path("version").asLong() == expected, "event " + expected);
            expected++;
        }
        check(page, expected == account.version() + 1, "events up to " + account.version());
    }

    /**
     * All accounts of this client, each once; rows of others are passed over. A standby may not have the newest
     * accounts yet.
     */
    private void list() throws InterruptedException {
        Map<String, Listed> seen = new HashMap<>();
        boolean anyStandby = false;
        String cursor = null;
        Reply page;
        do {
            page = ask("/v1/accounts?limit=%d%s".formatted(PAGE, cursor == null ? "" : "&cursor=" + cursor));
            anyStandby |= page.standby();
            for (JsonNode row : page.json().path("items")) {
                Listed before = seen.put(
                        row.path("id").asText(),
                        new Listed(page.question(), row.path("version").asLong()));
                check(page, before == null, "no row twice");
            }
            cursor = page.json().path("nextCursor").textValue();
        } while (cursor != null);
        for (Account account : accounts) {
            Listed listed = seen.get(account.id());
            if (!anyStandby && (listed == null || listed.version() != account.version())) {
                journal.found(
                        "a list: expected version %d of %s, got %s".formatted(account.version(), account.id(), listed));
            }
        }
    }

    /** A row of a list. */
    private record Listed(String question, long version) {}

    private void check(Reply reply, boolean holds, String expected) {
        if (!holds) {
            journal.found("%s%s: expected %s, got %s"
                    .formatted(reply.question(), reply.standby() ? " from a standby" : "", expected, reply.json()));
        }
    }

    private static BigDecimal amount(JsonNode text) {
        return text.isTextual() ? new BigDecimal(text.textValue()) : BigDecimal.ONE.negate();
    }

    /** Asks one instance after another. Who is killed does not answer; who lives answers 200, or 503 for a while. */
    private Reply ask(String path) throws InterruptedException {
        List<URI> instances = installation.queries();
        long deadline = System.nanoTime() + GIVEN_UP_AFTER.toNanos();
        while (System.nanoTime() < deadline) {
            URI instance = instances.get(random.nextInt(instances.size()));
            String question = instance.resolve(path).toString();
            try {
                HttpResponse<byte[]> response = http.send(
                        HttpRequest.newBuilder(URI.create(question))
                                .timeout(REQUEST_LIMIT)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                if (response.statusCode() == 200) {
                    return reply(question, response);
                }
                if (response.statusCode() != 503) {
                    journal.found("%s: expected 200 or 503, got %d %s"
                            .formatted(
                                    question,
                                    response.statusCode(),
                                    new String(response.body(), StandardCharsets.UTF_8)));
                }
                journal.failed(Integer.toString(response.statusCode()));
            } catch (IOException e) {
                journal.count("no connection, or cut off");
            }
            Thread.sleep(RETRY_PAUSE);
        }
        throw new IllegalStateException("no answer to " + path);
    }

    private Reply reply(String question, HttpResponse<byte[]> response) {
        boolean standby =
                response.headers().firstValue("X-Served-By").orElse("").equals("standby");
        journal.count(standby ? "answers from a standby" : "answers");
        try {
            return new Reply(200, JSON.readTree(response.body()), standby, question);
        } catch (IOException e) {
            throw new IllegalStateException("no JSON from " + question, e);
        }
    }
}
