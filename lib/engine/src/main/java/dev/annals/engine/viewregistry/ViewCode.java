package dev.annals.engine.viewregistry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a generation was folded by. Rows of another code are rows of another view, so a release folds only generations
 * of its own.
 *
 * @param version the author's, {@code View.version()}
 * @param shape of the rows and parts, see {@link dev.annals.engine.projecting.ViewTopology#code}
 */
public record ViewCode(int version, String shape) {

    private static final String VERSION = "version";
    private static final String SHAPE = "shape";

    static ViewCode of(JsonNode json) {
        return new ViewCode(EntryJson.integer(json, VERSION), EntryJson.text(json, SHAPE));
    }

    ObjectNode json() {
        return JsonNodeFactory.instance.objectNode().put(VERSION, version).put(SHAPE, shape);
    }
}
