package dev.annals.query.table;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How far the tables on this instance are behind, as gauges. It asks the brokers when it is run, not when somebody scrapes:
 * a broker that is away must not hold up all metrics. What is unknown is NaN.
 */
final class LagMeter implements Runnable {

    static final String RECORDS_METER = "annals.table.lag.records";
    static final String SECONDS_METER = "annals.table.lag.seconds";

    private final Map<TopicTable, Measured> measured = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private final Function<TopicTable, TableLag> lag;

    private static final class Measured {
        private volatile double records = Double.NaN;
        private volatile double seconds = Double.NaN;
        private List<Gauge> gauges = List.of();
    }

    LagMeter(MeterRegistry meters, Function<TopicTable, TableLag> lag) {
        this.meters = meters;
        this.lag = lag;
    }

    void add(TopicTable table) {
        Measured of = new Measured();
        of.gauges = List.of(
                gauge(RECORDS_METER, table, of, it -> it.records), gauge(SECONDS_METER, table, of, it -> it.seconds));
        measured.put(table, of);
    }

    void remove(TopicTable table) {
        Measured of = measured.remove(table);
        if (of != null) {
            of.gauges.forEach(meters::remove);
        }
    }

    private Gauge gauge(String name, TopicTable table, Measured of, ToDoubleFunction<Measured> value) {
        return Gauge.builder(name, of, value).tag("table", table.name()).register(meters);
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
