package dev.annals.query.table;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How far the tables on this instance are behind, as gauges. It asks the brokers when it is run, not when somebody
 * scrapes: a broker that is away must not hold up all metrics. What is unknown is NaN.
 */
final class LagMeter implements Runnable {

    private static final String RECORDS_METER = "annals.table.lag.records";
    private static final String SECONDS_METER = "annals.table.lag.seconds";

    private final Map<TopicTable, List<Gauge>> gauges = new ConcurrentHashMap<>();
    private final Map<TopicTable, Tables.Lag> known = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private final Function<TopicTable, Tables.Lag> lag;

    LagMeter(MeterRegistry meters, Function<TopicTable, Tables.Lag> lag) {
        this.meters = meters;
        this.lag = lag;
    }

    void add(TopicTable table) {
        gauges.put(
                table,
                List.of(
                        gauge(RECORDS_METER, table, Tables.Lag::records),
                        gauge(SECONDS_METER, table, Tables.Lag::seconds)));
    }

    void remove(TopicTable table) {
        gauges.getOrDefault(table, List.of()).forEach(meters::remove);
        gauges.remove(table);
        known.remove(table);
    }

    private Gauge gauge(String name, TopicTable table, ToDoubleFunction<Tables.Lag> value) {
        return Gauge.builder(name, () -> {
                    Tables.Lag now = known.get(table);
                    return now == null ? Double.NaN : value.applyAsDouble(now);
                })
                .tag("table", table.name())
                .register(meters);
    }

    @Override
    public void run() {
        gauges.keySet().forEach(this::measure);
        known.keySet().retainAll(gauges.keySet()); // one may have been removed meanwhile
    }

    private void measure(TopicTable table) {
        try {
            known.put(table, lag.apply(table));
        } catch (RuntimeException e) {
            known.remove(table);
        }
    }
}
