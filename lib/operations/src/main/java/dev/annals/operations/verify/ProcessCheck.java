package dev.annals.operations.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.operations.Instances;
import dev.annals.operations.ServiceException;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import dev.annals.operations.verify.Verification.Limits;
import dev.annals.operations.verify.Verification.ProcessReport;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Check of a process: folds the journals up to where they end now, and compares each instance with the one that the
 * query service serves of that version. So nothing needs to be at rest.
 */
record ProcessCheck(KafkaAccess kafka, ProcessBinding<?> process, Instances served, Limits limits) {

    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;

    /** @throws dev.annals.operations.OperationFailedException if it can't be read or compared */
    ProcessReport run() {
        String topic = kafka.topics().journal(process.name());
        try (PartitionReader reader = new PartitionReader(kafka, List.of(topic));
                Deserializer<Object> deserializer = kafka.serdes().newDeserializer()) {
            Map<TopicPartition, Long> ends = reader.ends();
            JournalDecoder decoder = new JournalDecoder(deserializer);
            TypeReport journals = new TypeCheck(kafka, limits.idsKept())
                    .run(process.name(), topic, decoder, limits.differences(), ends);
            JournalFold fold = new JournalFold(process, decoder);
            reader.readTo(ends, fold::take);
            fold.end();
            return new ProcessReport(journals, fold.failures(), compared(fold));
        }
    }

    private Comparison compared(JournalFold fold) {
        RowComparison comparison = new RowComparison(id -> {
            JournalFold.Folded instance = fold.folded().get(id);
            return instance == null ? null : instance.text();
        });
        fold.folded().forEach((id, instance) -> comparison.compare(id, served(id, instance.version())));
        return comparison.end(limits.differences());
    }

    /** Canonical JSON; null where it is not there. */
    private @Nullable String served(String id, long version) {
        try {
            JsonNode instance = served.get(id, version, limits.settle());
            return CanonicalJson.of(instance);
        } catch (ServiceException e) {
            if (e.status() == NOT_FOUND || e.status() == GONE) {
                return null;
            }
            throw e;
        }
    }
}
