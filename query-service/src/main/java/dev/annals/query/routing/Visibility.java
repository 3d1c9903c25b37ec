package dev.annals.query.routing;

import dev.annals.engine.deciding.Restriction;
import dev.annals.engine.json.AvroToJson;
import dev.annals.service.access.Caller;
import java.util.Set;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Row-level security: what somebody may not see is not there for them. At least one restriction must hold of what is
 * shown; there are none for who may see everything.
 */
public record Visibility(Set<Restriction> restrictions) {

    private static final String ID = "id";

    public static final Visibility ALL = new Visibility(Set.of());

    public Visibility {
        restrictions = Set.copyOf(restrictions);
    }

    public static Visibility of(Caller caller) {
        return new Visibility(caller.restrictions());
    }

    public boolean isAll() {
        return restrictions.isEmpty();
    }

    /** Whether a row may be seen; its id is one of its fields. */
    public boolean sees(IndexedRecord row) {
        return isAll()
                || restrictions.stream()
                        .anyMatch(own -> AvroToJson.texts(row, own.field()).anyMatch(own.value()::equals));
    }

    /** Whether an aggregate may be seen that has this state now. */
    public boolean sees(String id, IndexedRecord state) {
        return sees(state)
                || restrictions.stream()
                        .anyMatch(own -> own.field().equals(ID) && own.value().equals(id));
    }

    /** The value that a field of everything has that may be seen; null where there is not one alone. */
    public @Nullable String only(String field) {
        if (restrictions.size() != 1) {
            return null;
        }
        Restriction own = restrictions.iterator().next();
        return own.field().equals(field) ? own.value() : null;
    }
}
