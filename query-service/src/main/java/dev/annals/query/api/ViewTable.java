package dev.annals.query.api;

import dev.annals.core.kafka.Topics;
import dev.annals.core.projection.Filter;
import dev.annals.core.projection.View;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import dev.annals.schemas.SchemaCatalog;
import dev.annals.service.Domains.DomainView;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * A view with its table: rows as Avro and JSON.
 *
 * @param type the aggregate type whose events it folds
 * @param schema of the rows, with {@code id} and {@code version}
 */
record ViewTable(String type, View<?, ?> view, Schema schema, TopicTable table, Decoder decoder) {

    private static final String VERSION = "version";

    static ViewTable of(DomainView each, Topics topics, Decoder decoder) {
        View<?, ?> view = each.view();
        Schema schema = SchemaCatalog.load(
                "annals.views." + view.row().getSimpleName(), view.row().getClassLoader());
        // The group and the store are named without the prefix, which StreamsDefaults puts before the application id.
        TopicTable table = new TopicTable(
                new Topics("").view(view.name(), view.version()), topics.view(view.name(), view.version()));
        return new ViewTable(each.aggregate().name(), view, schema, table, decoder);
    }

    String name() {
        return view.name();
    }

    List<Filter> filters() {
        return view.filters();
    }

    IndexedRecord row(StoredRecord record) {
        return decoder.decode(table.topic(), record);
    }

    static long version(IndexedRecord row) {
        return row.get(row.getSchema().getField(VERSION).pos()) instanceof Long version ? version : 0;
    }
}
