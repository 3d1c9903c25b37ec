package dev.annals.operations.verify;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One text for one content: members in the order of their names, no spaces, numbers without an exponent or zeros at
 * their end, nothing escaped in strings but what JSON demands. So a schema with its fields in another order gives the
 * same text.
 */
final class CanonicalJson {

    private CanonicalJson() {}

    static String of(JsonNode json) {
        StringBuilder text = new StringBuilder();
        write(json, text);
        return text.toString();
    }

    private static void write(JsonNode json, StringBuilder to) {
        switch (json.getNodeType()) {
            case OBJECT -> object(json, to);
            case ARRAY -> array(json, to);
            case NUMBER -> to.append(number(json));
            case STRING -> string(json.textValue(), to);
            default -> to.append(json); // true, false, null
        }
    }

    private static void object(JsonNode json, StringBuilder to) {
        SortedMap<String, JsonNode> members = new TreeMap<>();
        json.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        String separator = "{";
        for (var member : members.entrySet()) {
            to.append(separator);
            string(member.getKey(), to);
            to.append(':');
            write(member.getValue(), to);
            separator = ",";
        }
        to.append(members.isEmpty() ? "{}" : "}");
    }

    private static void array(JsonNode json, StringBuilder to) {
        to.append('[');
        for (Iterator<JsonNode> each = json.elements(); each.hasNext(); ) {
            write(each.next(), to);
            to.append(each.hasNext() ? "," : "");
        }
        to.append(']');
    }

    private static String number(JsonNode json) {
        BigDecimal number = json.decimalValue();
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static void string(String text, StringBuilder to) {
        to.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, to);
        to.append('"');
    }
}
