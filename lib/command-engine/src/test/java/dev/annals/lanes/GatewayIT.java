package dev.annals.lanes;

import static dev.annals.lanes.TillsEngines.LANES;
import static dev.annals.lanes.TillsEngines.LIMIT;
import static dev.annals.lanes.TillsEngines.awaitDeciding;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.deciding.Restriction;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.lanes.CommandMessage.Actor;
import dev.annals.lanes.Tills.PutIn;
import dev.annals.lanes.Tills.TakeOut;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a gateway has commands decided, on a real broker. */
@WithKafka
class GatewayIT {

    private static final int MAX_IN_FLIGHT = 50;

    private final KafkaCluster kafka;
    private final TillsEngines tills;
    private final List<CommandGateway> gateways = new ArrayList<>();

    @TempDir
    private Path folder;

    GatewayIT(KafkaCluster kafka) {
        this.kafka = kafka;
        this.tills = new TillsEngines(kafka);
    }

    @BeforeEach
    void makeTopics() {
        tills.makeTopics();
    }

    @AfterEach
    void close() {
        gateways.forEach(CommandGateway::close);
        tills.close();
    }

    private CommandEngine start(String member) {
        return tills.start(member, folder.resolve(member), 0, tills.laneClients());
    }

    private CommandGateway gateway(CommandEngine engine) {
        return gateway(engine, Peers.NONE);
    }

    private CommandGateway gateway(CommandEngine engine, Peers peers) {
        CommandGateway gateway = new CommandGateway(
                engine,
                peers,
                tills.settings(),
                tills.topics(),
                tills.serdes(),
                "/test",
                MAX_IN_FLIGHT,
                InstantSource.system());
        gateways.add(gateway);
        return gateway;
    }

    private static CommandMessage message(String till, String id, Tills.Command command) {
        return new CommandMessage("tills", till, id, Tills.BINDING.commandToAvro(command));
    }

    private static Optional<CommandAnswer> get(CommandGateway gateway, CommandMessage command) throws Exception {
        return get(gateway.send(command, LIMIT));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(LIMIT.toSeconds(), SECONDS);
    }

    private int commands() {
        return kafka.records(tills.topics().commands("tills")).size();
    }

    @Test
    void a_command_is_decided_where_its_aggregate_lives_without_a_record_of_its_own() throws Exception {
        CommandEngine engine = start("a");
        awaitDeciding(engine, LANES);
        CommandGateway gateway = gateway(engine);

        CommandAnswer put =
                get(gateway.send(Tills.BINDING, "till-1", new PutIn(5), LIMIT)).orElseThrow();
        CommandAnswer taken = get(
                        gateway,
                        new CommandMessage(
                                "tills",
                                "till-1",
                                "c2",
                                Tills.BINDING.commandToAvro(new TakeOut(9)),
                                1L,
                                "cor",
                                null,
                                null))
                .orElseThrow();

        assertThat(put.result().outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(put.events())
                .hasSize(1)
                .allSatisfy(event ->
                        assertThat(HeaderName.SUBJECT.in(event.headers())).isEqualTo("till-1"));
        assertThat(taken.result().code()).isEqualTo("too-little");
        assertThat(taken.result().correlationId()).isEqualTo("cor");
        assertThat(commands()).isZero();
        assertThat(gateway.inFlight()).isZero();
    }

    @Test
    void who_may_send_to_their_own_alone_does_so_on_each_way() throws Exception {
        CommandEngine engine = start("a");
        awaitDeciding(engine, LANES);
        CommandGateway gateway = gateway(engine);
        get(gateway, message("till-1", "c1", new PutIn(5)));

        assertThat(get(gateway, ofOwner("c2", new PutIn(1)))
                        .orElseThrow()
                        .result()
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
        CommandAnswer refused = get(gateway, ofOwner("c3", new PutIn(1))).orElseThrow(); // it has 6 by now
        assertThat(refused.result().isForbidden()).isTrue();
        assertThat(get(gateway.tryOut(ofOwner("c4", new PutIn(1)), LIMIT))
                        .result()
                        .isForbidden())
                .isTrue();
        assertThat(commands()).isZero();
        assertThat(get(gateway.send(ofOwner("c5", new PutIn(1)), Duration.ZERO)))
                .isEmpty();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(engine.find("c5", null)
                                .toCompletableFuture()
                                .join()
                                .results())
                        .singleElement()
                        .satisfies(
                                each -> assertThat(each.result().isForbidden()).isTrue()));
        assertThat(commands()).isEqualTo(1);
    }

    /** Of somebody to whom tills with 5 belong. */
    private static CommandMessage ofOwner(String id, Tills.Command command) {
        Actor actor = new Actor("ann", "app_user", List.of(new Restriction("amount", "5")));
        return new CommandMessage("tills", "till-1", id, Tills.BINDING.commandToAvro(command), null, null, null, actor);
    }

    @Test
    void what_lives_elsewhere_goes_through_the_topic_and_is_answered_all_the_same() throws Exception {
        CommandEngine one = start("a");
        CommandEngine other = start("b");
        await().atMost(LIMIT).until(() -> one.deciding("tills") == 1 && other.deciding("tills") == 1);
        CommandGateway gateway = gateway(one);

        List<CompletableFuture<Optional<CommandAnswer>>> sent = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            sent.add(gateway.send(message("till-" + i % 8, "c" + i, new PutIn(1)), LIMIT)
                    .toCompletableFuture());
        }
        List<CommandResult> results = new ArrayList<>();
        for (CompletableFuture<Optional<CommandAnswer>> each : sent) {
            results.add(get(each).orElseThrow().result());
        }

        assertThat(results).allSatisfy(result -> {
            assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(result.replayed()).isFalse();
        });
        assertThat(commands()).isBetween(1, 39);
        CompletionStage<CommandAnswer> tried = gateway.tryOut(message(elsewhere(one), "x", new PutIn(1)), LIMIT);
        assertThatThrownBy(() -> get(tried)).hasCauseInstanceOf(LaneMovedException.class);
    }

    @Test
    void the_owner_is_asked_one_hop_away_and_the_topic_where_he_does_not_answer() throws Exception {
        CommandEngine one = start("a");
        CommandEngine other = start("b");
        await().atMost(LIMIT).until(() -> one.deciding("tills") == 1 && other.deciding("tills") == 1);
        CommandGateway owner = gateway(other);
        AtomicBoolean deaf = new AtomicBoolean();
        try (PeerCodec codec = new PeerCodec(tills.topics(), tills.serdes())) {
            CommandGateway gateway = gateway(one, (address, request, limit) -> {
                assertThat(address).isEqualTo("b:8080");
                var received = new Peers.Request(
                        request.type(), codec.command(codec.command(request.command())), request.dryRun());
                return deaf.get()
                        ? CompletableFuture.failedFuture(new IOException("deaf"))
                        : owner.answer(received, limit)
                                .thenApply(answer -> codec.answer("tills", codec.answer("tills", answer)));
            });
            String till = elsewhere(one);

            CommandAnswer tried = get(gateway.tryOut(message(till, "c1", new PutIn(3)), LIMIT));
            CommandAnswer put = get(gateway, message(till, "c1", new PutIn(3))).orElseThrow();
            assertThat(tried.result().version()).isEqualTo(1);
            assertThat(put.result().version()).isEqualTo(1);
            assertThat(put.events()).hasSize(1);
            assertThat(commands()).isZero();

            deaf.set(true);
            CommandAnswer again =
                    get(gateway, message(till, "c1", new PutIn(3))).orElseThrow();
            assertThat(again.result()).isEqualTo(put.result().asReplay());
            assertThat(commands()).isEqualTo(1);
        }
    }

    private static String elsewhere(CommandEngine engine) {
        for (int i = 0; ; i++) {
            if (!"a:8080".equals(engine.owner("tills", "till-" + i))) {
                return "till-" + i;
            }
        }
    }

    @Test
    void who_uses_an_id_for_something_else_at_the_same_time_gets_his_own_answer() throws Exception {
        CommandEngine one = start("a");
        CommandEngine other = start("b");
        await().atMost(LIMIT).until(() -> one.deciding("tills") == 1 && other.deciding("tills") == 1);
        CommandGateway gateway = gateway(one);
        String till = elsewhere(one);

        CompletionStage<Optional<CommandAnswer>> first = gateway.send(message(till, "same", new PutIn(1)), LIMIT);
        CompletionStage<Optional<CommandAnswer>> second = gateway.send(message(till, "same", new PutIn(2)), LIMIT);

        List<Optional<String>> codes = List.of(
                Optional.ofNullable(get(first).orElseThrow().result().code()),
                Optional.ofNullable(get(second).orElseThrow().result().code()));
        assertThat(codes)
                .containsExactlyInAnyOrder(Optional.empty(), Optional.of(CommandResult.IDEMPOTENCY_KEY_REUSED));
    }

    @Test
    void who_does_not_wait_and_whom_nobody_answers_know_that_the_command_is_durable() throws Exception {
        CommandEngine engine = tills.make("a", folder.resolve("a"), 0, tills.laneClients());
        CommandGateway gateway = gateway(engine);

        assertThat(get(gateway.send(message("till-1", "c1", new PutIn(1)), Duration.ZERO)))
                .isEmpty();
        assertThat(get(gateway.send(message("till-1", "c2", new PutIn(1)), Duration.ofSeconds(1))))
                .isEmpty();
        assertThat(commands()).isEqualTo(2);

        engine.start();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kafka.records(tills.topics().results("tills")))
                        .hasSize(2));
        CommandAnswer again =
                get(gateway, message("till-1", "c2", new PutIn(1))).orElseThrow();
        assertThat(again.result().replayed()).isTrue();
        assertThat(again.events()).isEmpty();
    }

    @Test
    void more_than_may_be_in_flight_are_refused_and_places_come_back() throws Exception {
        CommandEngine engine = tills.make("a", folder.resolve("a"), 0, tills.laneClients());
        CommandGateway gateway = gateway(engine);
        List<CompletionStage<Optional<CommandAnswer>>> sent = new ArrayList<>();
        for (int i = 0; i < MAX_IN_FLIGHT; i++) {
            sent.add(gateway.send(message("till-1", "c" + i, new PutIn(1)), LIMIT));
        }

        CompletionStage<Optional<CommandAnswer>> more = gateway.send(message("till-1", "more", new PutIn(1)), LIMIT);
        assertThatThrownBy(() -> get(more)).hasCauseInstanceOf(EngineFullException.class);

        engine.start();
        for (CompletionStage<Optional<CommandAnswer>> each : sent) {
            assertThat(get(each)).isPresent();
        }
        assertThat(gateway.inFlight()).isZero();
    }
}
