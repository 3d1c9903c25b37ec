package dev.annals.query.table;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How far the tables on this instance are behind, as gauges. It asks the brokers when it is run, not when somebody scrapes:
 * a broker that is away must not hold up all metrics. What is unknown is NaN.
 */
final class LagMeter implements Runnable {

    static final String RECORDS_METER = "annals.table.lag.records";
    static final String SECONDS_METER = "annals.table.lag.seconds";

    private final Map<TopicTable, Measured> measured = new LinkedHashMap<>();
    private final Function<TopicTable, TableLag> lag;

    private static final class Measured {
        private volatile double records = Double.NaN;
        private volatile double seconds = Double.NaN;
    }

    LagMeter(List<TopicTable> tables, MeterRegistry meters, Function<TopicTable, TableLag> lag) {
        this.lag = lag;
        for (TopicTable table : tables) {
            Measured of = new Measured();
            measured.put(table, of);
            register(RECORDS_METER, table, meters, of, it -> it.records);
            register(SECONDS_METER, table, meters, of, it -> it.seconds);
        }
    }

    private static void register(
            String name, TopicTable table, MeterRegistry meters, Measured of, ToDoubleFunction<Measured> value) {
        Gauge.builder(name, of, value).tag("table", table.name()).register(meters);
    }

    @Override
    public void run() {
        measured.forEach(this::measure);
    }

    private void measure(TopicTable table, Measured into) {
        try {
            TableLag now = lag.apply(table);
            into.records = now.records();
            into.seconds = now.seconds();
        } catch (RuntimeException e) {
            into.records = Double.NaN;
            into.seconds = Double.NaN;
        }
    }
}
