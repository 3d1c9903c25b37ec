package dev.annals.service.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what an operator has to be told of the settings, at the start and again and again: a line of the start is long
 * gone from a log when somebody looks. Runs on the timer of the server that it is a bean of.
 */
final class RepeatedWarnings extends AbstractLifeCycle {

    static final Duration INTERVAL = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(RepeatedWarnings.class);

    private final List<String> warnings;
    private final Duration interval;
    private final Scheduler timer;
    private volatile Scheduler.@Nullable Task next;

    RepeatedWarnings(List<String> warnings, Duration interval, Scheduler timer) {
        this.warnings = List.copyOf(warnings);
        this.interval = interval;
        this.timer = timer;
    }

    @Override
    protected void doStart() {
        warn();
    }

    private void warn() {
        warnings.forEach(each -> LOG.atWarn().log("{}", each));
        next = timer.schedule(this::warn, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() {
        Scheduler.Task last = next;
        if (last != null) {
            last.cancel();
        }
    }
}
