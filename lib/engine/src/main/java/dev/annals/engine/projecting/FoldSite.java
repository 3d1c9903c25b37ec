package dev.annals.engine.projecting;

import dev.annals.engine.folding.DomainBug;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.viewregistry.Skip;
import dev.annals.engine.viewregistry.ViewId;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Where a view folds: the record that it is at now, with the skips and failures that belong to that place. For one
 * thread.
 */
record FoldSite(ViewId view, Skips skips, FoldStep.Context context) {

    /** Of the record, in the partition that it came from. */
    long offset() {
        return context.place().offset();
    }

    /** The view's store has this record already: its group's offsets have been set back. */
    void offsetReset() {
        skips.offsetReset(view, context.place());
    }

    /** Whether somebody said that the view passes over this record; then it is told that it did. */
    boolean passesOver() {
        Skip skip = skips.of(view, context.place());
        if (skip != null) {
            skips.passedOver(skip);
        }
        return skip != null;
    }

    /**
     * A record has been folded. Before one that can't be, each is committed by itself: together they would abort with
     * it, at every try, and never show.
     */
    void folded() {
        if (skips.isStopped(view)) {
            context.commit();
        }
    }

    ViewFailedException failure(Record<byte[], byte[]> record, String reason) {
        return failure(record, reason, null);
    }

    ViewFailedException failure(Record<byte[], byte[]> record, String reason, @Nullable Throwable cause) {
        String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
        return new ViewFailedException(view, context.place(), key, reason, cause);
    }

    /** Runs the view's own code: whatever it throws is a bug that would be thrown again. */
    <T extends @Nullable Object> T guarded(Record<byte[], byte[]> record, Supplier<T> code) {
        try {
            return code.get();
        } catch (ViewFailedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            DomainBug.require(e);
            throw failure(record, "folding it failed with " + e, e);
        }
    }

    /** Writes a row: what the registry refuses, it would refuse again. */
    void written(Record<byte[], byte[]> record, Runnable writing) {
        try {
            writing.run();
        } catch (SerializationException e) {
            if (RegistryFailures.mayPass(e)) {
                throw e;
            }
            throw failure(record, "its row can't be written: " + RegistryFailures.describe(e), e);
        }
    }
}
