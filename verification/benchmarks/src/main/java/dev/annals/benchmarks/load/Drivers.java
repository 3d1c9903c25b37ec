package dev.annals.benchmarks.load;

import dev.annals.benchmarks.load.Scenario.Door;
import java.util.EnumMap;
import java.util.Map;

/** The drivers of one run, made when they are needed. Its accounts belong to no other run. Used by one thread. */
final class Drivers implements AutoCloseable {

    private final Installation installation;
    private final int linger;
    private final String accountPrefix = "load-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "-";
    private final Values values;
    private final Driver http;
    private final Map<Program, TopicsDriver> topics = new EnumMap<>(Program.class);

    Drivers(Installation installation, int linger) {
        this.installation = installation;
        this.linger = linger;
        this.values = new Values(installation);
        this.http = new HttpDriver(installation.services(), accountPrefix);
    }

    Driver of(Scenario scenario, Program program) {
        return scenario.door() == Door.HTTP ? http : topics(program);
    }

    /** Of the ids of all accounts; a number follows. */
    String accountPrefix() {
        return accountPrefix;
    }

    Driver topics(Program program) {
        return topics.computeIfAbsent(
                program, unused -> new TopicsDriver(installation, program, values, accountPrefix, linger));
    }

    @Override
    public void close() {
        topics.values().forEach(TopicsDriver::close);
    }
}
