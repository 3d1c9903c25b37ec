package dev.annals.query.events;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.query.routing.KeyQuery;
import dev.annals.query.routing.MinVersion;
import dev.annals.query.routing.Visibility;
import dev.annals.query.table.Shard;
import dev.annals.query.table.TopicTable;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request for one stream: its version is that of its last event. */
interface StreamQuery extends KeyQuery {

    StreamTable streams();

    String id();

    MinVersion min();

    Visibility visibility();

    @Override
    default TopicTable table() {
        return streams().table();
    }

    @Override
    default byte[] partitionKey() {
        return id().getBytes(StandardCharsets.UTF_8);
    }

    /** What comes after the event of this version does not wake anybody: it comes with or after that one. */
    @Override
    default byte[] awaitedKey() {
        return new EventKey(id(), Objects.requireNonNullElse(min().version(), 1L)).toBytes();
    }

    @Override
    default long version(Shard shard) {
        return isVisible(shard) ? StreamTable.version(shard, id()) : 0;
    }

    default boolean isVisible(Shard shard) {
        return streams().isVisible(shard, id(), visibility());
    }

    @Override
    default @Nullable Stop stop() {
        return null;
    }

    @Override
    default String what() {
        return "%s '%s'".formatted(streams().name(), id());
    }
}
