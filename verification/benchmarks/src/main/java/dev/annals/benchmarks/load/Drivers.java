package dev.annals.benchmarks.load;

import dev.annals.engine.kafka.Topics;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The drivers of one run, made when they are needed. Its accounts belong to no other run. Used by one thread. */
final class Drivers implements AutoCloseable {

    private final Installation installation;
    private final int linger;
    private final int partitions;
    private final int lanes;
    private final String accountPrefix = "load-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "-";
    private final Values values;
    private final Map<Program, Driver> http = new EnumMap<>(Program.class);
    private @Nullable GatewayDriver engine;
    private final Map<Program, TopicsDriver> topics = new EnumMap<>(Program.class);

    Drivers(Installation installation, int linger) {
        this(installation, linger, 4, 2);
    }

    /**
     * @param linger of producers, in milliseconds
     * @param partitions of the engine's topics
     * @param lanes of the engine
     */
    Drivers(Installation installation, int linger, int partitions, int lanes) {
        this.installation = installation;
        this.linger = linger;
        this.partitions = partitions;
        this.lanes = lanes;
        this.values = new Values(installation);
    }

    Driver of(Scenario scenario, Program program) {
        return switch (scenario.door()) {
            case HTTP -> http(program);
            case TOPICS -> topics(program);
            case GATEWAY -> engine();
        };
    }

    private Driver http(Program program) {
        return http.computeIfAbsent(
                program,
                of -> of == Program.SECURED
                        ? new HttpDriver(
                                List.of(secured().url()),
                                accountPrefix,
                                "Authorization: Bearer %s\r\n"
                                        .formatted(secured().token()))
                        : new HttpDriver(installation.services(), accountPrefix, ""));
    }

    private SecuredService secured() {
        return Objects.requireNonNull(installation.secured(), "a service with everything on");
    }

    /** Of the ids of all accounts; a number follows. */
    String accountPrefix() {
        return accountPrefix;
    }

    Driver topics(Program program) {
        if (program == Program.ENGINE) {
            GatewayDriver unused = engine(); // it decides what comes from the topics
        }
        return topics.computeIfAbsent(
                program,
                of -> new TopicsDriver(
                        of == Program.SECURED ? secured().clients() : installation.clients(),
                        topicsOf(of),
                        of,
                        values,
                        accountPrefix,
                        linger));
    }

    private Topics topicsOf(Program program) {
        return switch (program) {
            case FLOOR, SERVICE -> installation.topics();
            case SECURED -> secured().topics();
            case ENGINE -> engineTopics();
        };
    }

    private Topics engineTopics() {
        return new Topics(installation.topics().prefix() + "engine.");
    }

    private GatewayDriver engine() {
        GatewayDriver started = engine;
        if (started == null) {
            started = new GatewayDriver(installation, engineTopics(), partitions, lanes, values, accountPrefix);
            engine = started;
        }
        return started;
    }

    @Override
    public void close() {
        if (engine != null) {
            engine.close();
        }
        topics.values().forEach(TopicsDriver::close);
    }
}
