package dev.annals.command;

import dev.annals.service.Readiness;
import io.javalin.config.RoutesConfig;
import java.util.Collection;
import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;

/** What decides the commands of this instance. Thread-safe. */
interface CommandHost extends CommandBus, Readiness {

    /** What is known of commands that were sent here. */
    CommandLookup.Known known();

    /** What the stores of this instance have of a command id. */
    CommandLookup.Status find(String commandId);

    /** All partitions that any instance has, as {@link SearchedPartitions} names them. */
    Set<String> partitions();

    /** The other instances, as they are now. */
    Collection<HostInfo> peers();

    /** Routes between instances. */
    void add(RoutesConfig routes);

    /** @param advertised where other instances reach this one */
    void start(HostInfo advertised);
}
