package dev.annals.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.testsupport.http.TestIssuer;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A policy that lets people send commands to their own accounts alone. */
@WithKafka
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class OwnCommandsIT {

    private static final String POLICY = """
            role.customer = command:accounts/* where sub = state.owner
            role.teller = command:accounts/*
            """;
    private static final String DEPOSIT = "{\"amount\": \"5\"}";

    private final TestIssuer issuer = TokenCallers.start();
    private final TokenCallers callers = new TokenCallers(issuer);
    private final Instance service;

    OwnCommandsIT(KafkaCluster kafka, @TempDir Path state, @TempDir Path policy) {
        service =
                Instance.start(kafka, kafka.uniqueName("own") + ".", state, callers.settings(policy, POLICY, Map.of()));
    }

    @BeforeAll
    void await_the_service() {
        service.awaitReady();
    }

    @AfterAll
    void stop() {
        service.close();
        issuer.close();
    }

    private HttpResponse<String> send(String subject, String role, String path, String body) {
        return service.send(
                "POST",
                "/v1/accounts/" + path,
                body,
                "Content-Type",
                "application/json",
                "Authorization",
                callers.bearer(subject, role));
    }

    private HttpResponse<String> open(String subject, String id, String owner) {
        return send(subject, "customer", id + "/OpenAccount", """
                {"owner": "%s", "currency": "EUR"}""".formatted(owner));
    }

    @Test
    void what_is_new_is_ones_own_by_what_the_command_says() {
        assertThat(open("ann", "new-1", "bob").statusCode()).isEqualTo(403);
        assertThat(open("ann", "new-1", "ann").statusCode()).isEqualTo(201);
    }

    @Test
    void a_command_to_anothers_is_refused_as_one_to_nothing_is() {
        assertThat(open("ann", "hers", "ann").statusCode()).isEqualTo(201);

        HttpResponse<String> anothers = send("bob", "customer", "hers/Deposit", DEPOSIT);
        HttpResponse<String> nothing = send("bob", "customer", "absent/Deposit", DEPOSIT);

        assertThat(anothers.statusCode()).isEqualTo(403);
        assertThat(told(anothers, "hers")).isEqualTo(told(nothing, "absent"));
        assertThat(anothers.headers().firstValue("ETag")).isEmpty();
        assertThat(send("ann", "customer", "hers/Deposit", DEPOSIT).statusCode())
                .isEqualTo(200);
        assertThat(send("bob", "teller", "hers/Deposit", DEPOSIT).statusCode()).isEqualTo(200);
    }

    /** Without what differs for each command: its id. */
    private static String told(HttpResponse<String> answer, String id) {
        return answer.body().replace(id, "ID").replaceAll("\"commandId\":\"[^\"]+\"", "");
    }

    @Test
    void a_command_is_not_even_tried_on_anothers() {
        assertThat(open("ann", "tried", "ann").statusCode()).isEqualTo(201);

        assertThat(send("bob", "customer", "tried/Deposit?dry-run=true", DEPOSIT)
                        .statusCode())
                .isEqualTo(403);
        assertThat(send("ann", "customer", "tried/Deposit?dry-run=true", DEPOSIT)
                        .statusCode())
                .isEqualTo(200);
    }
}
