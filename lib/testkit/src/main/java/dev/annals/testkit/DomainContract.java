package dev.annals.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.Filter;
import dev.annals.api.ProcessManager;
import dev.annals.api.View;
import dev.annals.engine.avro.AvroNames;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every domain wants tested. A domain's test extends it, and adds what only that domain promises:
 *
 * <pre>{@code
 * class OrdersContractTest extends DomainContract {
 *     OrdersContractTest() {
 *         super(new OrdersDomain());
 *     }
 * }
 * }</pre>
 *
 * <p>Its first run records: {@code mvn test -Dannals.schemas.record=true -Dannals.shapes.record=true} writes the Avro
 * schemas into {@code src/main/resources/avro} and the shapes into {@code src/test/resources/shapes}, see
 * {@link Schemas}. Once there is a release, {@code -Dannals.release=1.0.0} keeps what its events are as bytes in
 * {@code src/test/resources/released}.
 */
public abstract class DomainContract {

    private static final Path RELEASED = Path.of("src", "test", "resources", "released");

    private final Domain domain;
    private final Schemas schemas;

    /** Of a domain that has its schemas in its own resources. */
    protected DomainContract(Domain domain) {
        this(domain, Schemas.of(domain));
    }

    /** Of a domain that has its schemas elsewhere. */
    protected DomainContract(Domain domain, Schemas schemas) {
        this.domain = domain;
        this.schemas = schemas;
    }

    /**
     * Commands, events and rows to take to Avro and back, beside those that are made of the schemas. Wanted where a
     * record accepts none of those: where it must be a code of three letters, for instance.
     */
    protected List<Record> samples() {
        return List.of();
    }

    @Test
    void the_domain_is_found_by_the_service_loader() {
        assertThat(ServiceLoader.load(Domain.class))
                .as(
                        "META-INF/services/%s names %s",
                        Domain.class.getName(), domain.getClass().getName())
                .hasAtLeastOneElementOfType(domain.getClass());
    }

    @Test
    void views_have_names_of_their_own_and_filters_of_their_fields() {
        assertThat(domain.views())
                .extracting(View::name)
                .doesNotHaveDuplicates()
                .allMatch(View::isName);
        for (View<?, ?> view : domain.views()) {
            assertThat(Stream.of(view.row().getRecordComponents()).map(component -> component.getName()))
                    .as("fields of view %s", view.name())
                    .containsAll(view.filters().stream()
                            .map(Filter::field)
                            .filter(field -> !field.equals(AvroNames.ROW_ID) && !field.equals(AvroNames.ROW_VERSION))
                            .toList());
        }
    }

    @Test
    void processes_have_names_of_their_own_and_follow_sealed_interfaces() {
        assertThat(domain.processes())
                .extracting(ProcessManager::name)
                .doesNotHaveDuplicates()
                .doesNotContain(domain.aggregate().name())
                .allMatch(View::isName);
        for (ProcessManager<?> process : domain.processes()) {
            assertThat(process.events())
                    .as("events of process %s", process.name())
                    .isNotEmpty()
                    .allMatch(Class::isSealed);
            assertThat(process.commands())
                    .as("commands of process %s", process.name())
                    .allMatch(Class::isSealed);
        }
    }

    @Test
    void schemas_are_recorded() {
        schemas.assertRecorded();
    }

    @Test
    void versions_are_raised_with_the_shapes() {
        Shapes.of(domain).assertRecorded();
    }

    @TestFactory
    Stream<DynamicTest> every_record_comes_back_from_avro_as_it_was() {
        assumeFalse(Schemas.isRecording(), "the schemas that were recorded are on the class path of the next run");
        AggregateType<?, ?, ?> type = domain.aggregate();
        List<RecordBinding<?>> bindings = new ArrayList<>();
        DerivedSchema.messages(type)
                .forEach(each -> bindings.add(RecordBinding.of(AvroNames.ofMessage(type, each.getSimpleName()), each)));
        domain.views().stream()
                .map(View::row)
                .distinct()
                .forEach(row -> bindings.add(RecordBinding.of(AvroNames.ofRow(type, row), row)));
        bindings.add(RecordBinding.of(type.state(), DerivedSchema.of(type.state())));
        domain.processes().forEach(each -> bindings.add(stateOf(each)));
        return bindings.stream()
                .map(each -> DynamicTest.dynamicTest(each.type().getSimpleName(), () -> assertComesBack(each)));
    }

    private static <S extends Record> RecordBinding<S> stateOf(ProcessManager<S> process) {
        return RecordBinding.of(process.state(), DerivedSchema.of(process.state()));
    }

    final <T extends Record> void assertComesBack(RecordBinding<T> binding) {
        List<T> values = new ArrayList<>();
        samples().stream()
                .filter(binding.type()::isInstance)
                .forEach(sample -> values.add(binding.type().cast(sample)));
        Extremes.of(binding.schema())
                .forEach(extreme -> accepted(binding, extreme).ifPresent(values::add));
        assertThat(values)
                .as(
                        "values that %s accepts: have samples() return one",
                        binding.type().getSimpleName())
                .isNotEmpty()
                .allSatisfy(value ->
                        assertThat(binding.fromAvro(binding.toAvro(value))).isEqualTo(value));
    }

    /** The value, unless it is against the record's own rule: then it is never made. */
    private static <T extends Record> Optional<T> accepted(RecordBinding<T> binding, GenericRecord extreme) {
        try {
            return Optional.of(binding.fromAvro(extreme));
        } catch (BindingException e) {
            return Optional.empty();
        }
    }

    @TestFactory
    Stream<DynamicTest> reads_the_events_of_every_release() {
        assumeFalse(Schemas.isRecording(), "the schemas that were recorded are on the class path of the next run");
        return ReleasedEvents.of(domain.aggregate(), RELEASED).tests();
    }
}
