package dev.annals.cli.backup;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.cli.client.ServiceClient;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * What a backup or a restore did with a type.
 *
 * @param written records that were written by this run
 * @param records that the backup has
 * @param events how many events the topic has that are not erased
 * @param hash of all events, as {@code annals verify TYPE} prints it
 */
record TypeResult(String type, long written, long records, long events, String hash) {

    private String text(String verb) {
        return String.format(
                Locale.ROOT,
                "%s: %,d records %s, %,d in the backup; %,d events, hash %s",
                type,
                written,
                verb,
                records,
                events,
                hash);
    }

    private ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("written", written)
                .put("records", records)
                .put("events", events)
                .put("hash", hash);
    }

    /** All of a run, for a person or as one JSON value. */
    static void print(PrintWriter out, boolean json, String verb, String backupId, List<TypeResult> results) {
        if (json) {
            ObjectNode all = JsonNodeFactory.instance.objectNode();
            all.put("id", backupId);
            ArrayNode types = all.putArray("types");
            results.forEach(result -> types.add(result.json()));
            out.println(ServiceClient.compact(all));
        } else {
            results.forEach(result -> out.println(result.text(verb)));
        }
        out.flush();
    }
}
