package dev.annals.checker.fuzz;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Bodies of commands: as the example of the command is, with some values other, missing or more, or no JSON at all. */
final class Bodies {

    private static final int LARGE = 300_000;
    private static final int TOO_LARGE = 1_000_001;

    private Bodies() {}

    /** @param example null where none is known */
    static byte[] make(@Nullable JsonNode example, Dice dice) {
        ObjectNode whole =
                example instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        if (dice.percent(75)) {
            for (int i = dice.below(3); i > 0; i--) {
                mutate(whole, dice);
            }
            return whole.toString().getBytes(UTF_8);
        }
        byte[] right = whole.toString().getBytes(UTF_8);
        return switch (dice.below(12)) {
            case 0 -> new byte[0];
            case 1 -> Hostile.head(right, dice.below(right.length + 1));
            case 2 ->
                Hostile.joined(
                        right, dice.pick(List.of("x", "{}", "]", "\0", ",")).getBytes(UTF_8));
            case 3 -> Hostile.joined(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, right);
            case 4 -> whole.toString().getBytes(UTF_16);
            case 5 -> dice.bytes(dice.between(1, 200));
            case 6 -> Hostile.json(dice).getBytes(UTF_8);
            case 7 -> "{\"a\":%s}".formatted(Hostile.json(dice)).getBytes(UTF_8);
            case 8 ->
                dice.oneIn(20)
                        ? new byte[TOO_LARGE]
                        : " ".repeat(dice.between(0, 500)).getBytes(UTF_8);
            case 9 ->
                dice.oneIn(20)
                        ? ("{\"" + "k".repeat(LARGE) + "\":1}").getBytes(UTF_8)
                        : ("{\"a\":1," + whole.toString().substring(1)).getBytes(UTF_8);
            default -> Hostile.mutated(right, dice);
        };
    }

    private static void mutate(ObjectNode whole, Dice dice) {
        List<ObjectNode> objects = new ArrayList<>();
        collect(whole, objects);
        ObjectNode object = dice.pick(objects);
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty() || dice.oneIn(10)) {
            object.putRawValue(dice.oneIn(2) ? "added" : Hostile.text(dice), new RawValue(Hostile.json(dice)));
            return;
        }
        String name = dice.pick(names);
        switch (dice.below(8)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(dice.pick(names), object.get(name));
            case 2 -> object.put(name, Hostile.text(dice));
            case 3 -> object.put(name, dice.number());
            case 4 -> object.set(name.toUpperCase(Locale.ROOT), object.remove(name));
            default -> object.putRawValue(name, new RawValue(Hostile.json(dice)));
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        if (node instanceof ObjectNode || node instanceof ArrayNode) {
            node.forEach(each -> collect(each, objects));
        }
    }
}
