package dev.annals.operations.verify;

import dev.annals.accounts.AccountCommand;
import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountsDomain;
import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.Effect;
import dev.annals.api.Input;
import dev.annals.api.ProcessManager;
import dev.annals.api.View;
import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.operations.InstalledDomains;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** A process that counts answers, and entries of its journal. */
public final class Closings implements ProcessManager<Closings.Closing> {

    public static final InstalledDomains DOMAINS = new InstalledDomains(List.of(new WithClosings()));
    public static final ProcessBinding<?> BINDING =
            Objects.requireNonNull(DOMAINS.processes().get("closings"));

    /** The domain of accounts with a process that counts answers. */
    private static final class WithClosings implements Domain {

        private final AccountsDomain accounts = new AccountsDomain();

        @Override
        public AggregateType<?, ?, ?> aggregate() {
            return accounts.aggregate();
        }

        @Override
        public List<View<?, ?>> views() {
            return List.of();
        }

        @Override
        public List<ProcessManager<?>> processes() {
            return List.of(new Closings());
        }
    }

    record Closing(int answers) {}

    @Override
    public String name() {
        return "closings";
    }

    @Override
    public List<Class<?>> events() {
        return List.of(AccountEvent.class);
    }

    @Override
    public List<Class<?>> commands() {
        return List.of(AccountCommand.class);
    }

    @Override
    public String instance(Input.Happened happened) {
        return happened.aggregateId();
    }

    @Override
    public Class<Closing> state() {
        return Closing.class;
    }

    @Override
    public Closing initial() {
        return new Closing(0);
    }

    @Override
    public Closing evolve(Closing closing, Input input) {
        return input instanceof Input.Answered ? new Closing(closing.answers() + 1) : closing;
    }

    @Override
    public List<Effect> react(Closing closing, Input input) {
        throw new AssertionError("nothing is done again");
    }

    public static GenericRecord entry(GenericRecord input, GenericRecord... effects) {
        return record(BINDING.journalSchema(), input, List.of(effects), null, null, 0, null);
    }

    public static GenericRecord parked(GenericRecord input, String why) {
        return record(BINDING.journalSchema(), input, List.of(), why, null, 0, null);
    }

    /** An event of which the journal says no more than which it is. */
    public static GenericRecord happened(String account, long version) {
        return record(inputs().getFirst(), "accounts", account, version, 0L, List.of());
    }

    public static GenericRecord due() {
        return record(inputs().get(2), "late", 0L);
    }

    public static GenericRecord answered(long number) {
        return record(inputs().get(1), number, 5L, "accounts", "x", "ACCEPTED", 1L, null, null, 0L);
    }

    public static GenericRecord closes(long number) {
        Schema send = effects().getFirst();
        Schema command = send.getField("command").schema().getTypes().stream()
                .filter(each -> each.getName().equals("CloseAccount"))
                .findFirst()
                .orElseThrow();
        return record(send, number, "accounts", "x", null, new GenericData.Record(command));
    }

    public static GenericRecord end() {
        return record(effects().getLast());
    }

    private static List<Schema> inputs() {
        return BINDING.journalSchema().getField("input").schema().getTypes();
    }

    private static List<Schema> effects() {
        return BINDING.journalSchema()
                .getField("effects")
                .schema()
                .getElementType()
                .getTypes();
    }

    private static GenericRecord record(Schema schema, @Nullable Object... values) {
        GenericRecord record = new GenericData.Record(schema);
        for (int i = 0; i < values.length; i++) {
            record.put(i, values[i]);
        }
        return record;
    }
}
