package dev.annals.query.views;

import dev.annals.api.Filter;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;

/** A view in one of its generations, with its table: rows as Avro and JSON. */
public record ViewTable(ServedView view, ViewId id, TopicTable table) {

    private static final String VERSION = "version";

    static ViewTable of(ServedView view, ViewId id, Topics topics, TopicTable.Phase phase) {
        // The group and the store are named without the prefix, which StreamsDefaults puts before the application id.
        TopicTable table = new TopicTable(
                new Topics("").view(id.name(), id.generation()), topics.view(id.name(), id.generation()), phase);
        return new ViewTable(view, id, table);
    }

    public String name() {
        return view.name();
    }

    public int generation() {
        return id.generation();
    }

    /** Of the application that folds it, without the installation's prefix. */
    String group() {
        return ViewTopology.applicationId(id);
    }

    public List<Filter> filters() {
        return view.filters();
    }

    public IndexedRecord row(StoredRecord record) {
        return view.decoder().decode(table.topic(), record);
    }

    public static long version(IndexedRecord row) {
        return row.get(row.getSchema().getField(VERSION).pos()) instanceof Long version ? version : 0;
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
