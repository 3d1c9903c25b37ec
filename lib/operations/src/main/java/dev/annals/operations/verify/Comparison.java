package dev.annals.operations.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What came of comparing contents by key with those that the events say.
 *
 * @param found what is served, or held
 * @param differing how many do not agree
 * @param differences the first of them, by key
 * @param changedMeanwhile how many did not agree at first, and then did: the hashes are of no single moment
 */
public record Comparison(Side expected, Side found, int differing, List<Difference> differences, int changedMeanwhile) {

    /** How many contents, and their hash. */
    public record Side(int count, String hash) {

        static Side of(ContentHash hash) {
            return new Side(hash.size(), hash.hex());
        }
    }

    /** Something that is not as the events say. */
    public record Difference(String key, Kind kind, List<Field> fields) {

        public enum Kind {
            /** The events say that it is there. */
            MISSING,
            /** No event says that it is there. */
            TOO_MANY,
            DIFFERENT;

            /** As it is shown, such as {@code too-many}. */
            @Override
            public String toString() {
                return name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
        }

        /** A field that differs; values as compact JSON, null where there is no such field. */
        public record Field(
                String field,
                @Nullable String expected,
                @Nullable String found) {}

        private static final JsonMapper JSON = new JsonMapper();

        public Difference {
            fields = List.copyOf(fields);
        }

        /**
         * What tells two contents apart.
         *
         * @param expected canonical JSON, null where nothing is expected
         * @param found likewise, and not equal to the expected
         */
        static Difference of(String key, @Nullable String expected, @Nullable String found) {
            if (found == null || expected == null) {
                return new Difference(key, found == null ? Kind.MISSING : Kind.TOO_MANY, List.of());
            }
            return new Difference(key, Kind.DIFFERENT, fields(read(expected), read(found)));
        }

        private static List<Field> fields(JsonNode expected, JsonNode found) {
            TreeSet<String> names = new TreeSet<>();
            expected.fieldNames().forEachRemaining(names::add);
            found.fieldNames().forEachRemaining(names::add);
            List<Field> differing = new ArrayList<>();
            for (String name : names) {
                JsonNode a = expected.get(name);
                JsonNode b = found.get(name);
                if (a == null || !a.equals(b)) {
                    differing.add(new Field(name, a == null ? null : a.toString(), b == null ? null : b.toString()));
                }
            }
            return differing;
        }

        private static JsonNode read(String json) {
            try {
                return JSON.readTree(json);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("canonical JSON can always be read", e);
            }
        }

        /**
         * For people, in one line; it has texts that were received.
         *
         * @param found what the found is: "served" or "held"
         */
        public String text(String found) {
            return switch (kind) {
                case MISSING -> "%s: missing: the events say that it is there, and it is not %s".formatted(key, found);
                case TOO_MANY -> "%s: too many: no event says that it is there, and it is %s".formatted(key, found);
                case DIFFERENT ->
                    key
                            + ": "
                            + String.join(
                                    "; ",
                                    fields.stream()
                                            .map(field -> "%s: expected %s, %s %s"
                                                    .formatted(field.field, field.expected, found, field.found))
                                            .toList());
            };
        }
    }

    public Comparison {
        differences = List.copyOf(differences);
    }

    public boolean isEqual() {
        return differing == 0;
    }
}
