package dev.annals.engine.json;

import com.fasterxml.jackson.databind.JsonNode;

/** Says in words what was found in a document. */
final class Found {

    private static final int MAX_LENGTH = 100;

    private Found() {}

    static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case NULL -> "null";
            case MISSING -> "nothing";
            case STRING -> "the string " + shortened(node.toString());
            case NUMBER -> "the number " + shortened(node.toString());
            case BOOLEAN -> node.toString();
            case BINARY, POJO -> node.getNodeType().name();
        };
    }

    static String shortened(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }
}
