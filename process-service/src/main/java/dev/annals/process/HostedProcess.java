package dev.annals.process;

import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.engine.reacting.ProcessTopology;
import java.time.Instant;

/**
 * A process that is hosted here.
 *
 * @param partitions of its journal
 * @param from when it began; {@link Instant#EPOCH} for all events
 */
record HostedProcess(ProcessBinding<?> binding, int partitions, Instant from) {

    /** The name of its Streams application. */
    String application() {
        return ProcessTopology.applicationId(binding.name());
    }
}
