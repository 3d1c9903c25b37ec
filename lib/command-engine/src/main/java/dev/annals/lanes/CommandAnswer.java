package dev.annals.lanes;

import dev.annals.engine.deciding.CommandResult;
import java.util.List;
import org.apache.kafka.streams.processor.api.Record;

/**
 * What a command came to, or would come to.
 *
 * @param events records as they were or would be appended, in order; of a repeat none
 */
public record CommandAnswer(CommandResult result, List<Record<byte[], byte[]>> events) {

    public CommandAnswer {
        events = List.copyOf(events);
    }
}
