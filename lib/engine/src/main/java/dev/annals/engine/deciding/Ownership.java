package dev.annals.engine.deciding;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.json.AvroToJson;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/**
 * Tells whether a command goes to what its sender's {@link Restriction}s let it. Asked between the state and the
 * decision, so nothing can come between. One thread at a time.
 */
final class Ownership<C, S extends Record> {

    private static final String ID = "id";

    private final AggregateBinding<C, S, ?> binding;
    private final RecordBinding<S> states;

    Ownership(AggregateBinding<C, S, ?> binding) {
        Class<S> state = binding.type().state();
        this.binding = binding;
        this.states = RecordBinding.of(state, DerivedSchema.of(state));
    }

    /**
     * By the state; of an aggregate that has none yet, by what the command says of itself in a field of that name.
     *
     * @throws CommandFailedException if a field can't be read
     */
    boolean allows(Command<C> command, Versioned<S> current) {
        return command.restrictions().isEmpty()
                || command.restrictions().stream().anyMatch(each -> holds(each, command, current));
    }

    private boolean holds(Restriction restriction, Command<C> command, Versioned<S> current) {
        if (restriction.field().equals(ID) && restriction.value().equals(command.aggregateId())) {
            return true;
        }
        try {
            return (current.version() == 0
                            ? ofCommand(command.payload(), restriction.field())
                            : ofState(current.state(), restriction.field()))
                    .anyMatch(restriction.value()::equals);
        } catch (BindingException e) {
            throw new CommandFailedException("unwritable-state", e.getMessage(), e);
        }
    }

    private Stream<String> ofState(S state, String field) {
        Schema.Field declared = states.schema().getField(field);
        Object value = states.field(state, field); // not all of a state that may be large
        return declared == null || value == null ? Stream.empty() : AvroToJson.texts(declared.schema(), value);
    }

    private Stream<String> ofCommand(C payload, String name) {
        return AvroToJson.texts(binding.commandToAvro(payload), name);
    }
}
