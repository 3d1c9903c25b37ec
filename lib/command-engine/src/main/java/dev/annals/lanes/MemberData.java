package dev.annals.lanes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What members of the group of a type tell each other when they share out the lanes: JSON, so that releases can add to
 * it.
 */
final class MemberData {

    private static final JsonMapper JSON = new JsonMapper();

    private MemberData() {}

    /**
     * What a member says of itself.
     *
     * @param address {@code host:port} where other instances reach it
     * @param warm lanes whose events and results it has taken to their end
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Told(String address, Set<Integer> warm) {

        static final Told NOTHING = new Told("", Set.of());

        ByteBuffer encode() {
            return write(this);
        }

        static Told decode(@Nullable ByteBuffer data) {
            Told told = read(data, Told.class);
            return told == null ? NOTHING : told;
        }
    }

    /**
     * What a member is told.
     *
     * @param owners the address of each lane's owner
     * @param standby lanes that it follows beside those that it owns
     * @param moving of these, the ones that come to it as soon as it is warm
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Shared(Map<Integer, String> owners, List<Integer> standby, List<Integer> moving) {

        static final Shared NOTHING = new Shared(Map.of(), List.of(), List.of());

        ByteBuffer encode() {
            return write(this);
        }

        static Shared decode(@Nullable ByteBuffer data) {
            Shared shared = read(data, Shared.class);
            return shared == null ? NOTHING : shared;
        }
    }

    private static ByteBuffer write(Object value) {
        try {
            return ByteBuffer.wrap(JSON.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Null where there is none, or a member of another kind wrote it: then nothing is known of it. */
    private static <T> @Nullable T read(@Nullable ByteBuffer data, Class<T> type) {
        if (data == null || !data.hasRemaining()) {
            return null;
        }
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        try {
            return JSON.readValue(bytes, type);
        } catch (IOException e) {
            return null;
        }
    }
}
