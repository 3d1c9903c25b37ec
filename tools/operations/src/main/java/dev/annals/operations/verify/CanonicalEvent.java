package dev.annals.operations.verify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.json.AvroToJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The content of an event, without anything of the installation that it stands in: canonical JSON of its key, the name
 * of the record with which it was written, the record's fields as written, and its {@code ce_} headers. No schema id,
 * partition, offset or time of arrival.
 */
final class CanonicalEvent {

    private static final String CLOUD_EVENTS = "ce_";

    private CanonicalEvent() {}

    /** SHA-256 of the content. */
    static byte[] hash(String key, IndexedRecord event, Headers headers) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("key", key).put("type", event.getSchema().getFullName());
        content.set("data", AvroToJson.toTree(event));
        ObjectNode kept = content.putObject("headers");
        for (Header header : headers) {
            if (header.key().startsWith(CLOUD_EVENTS) && header.value() != null) {
                kept.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        MessageDigest digest = ContentHash.sha256();
        return digest.digest(ContentHash.utf8(CanonicalJson.of(content)));
    }
}
