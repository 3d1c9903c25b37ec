package dev.annals.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.api.ProcessManager;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.schemas.SchemaCatalog.SchemaNotFoundException;
import dev.annals.testkit.Parcels.PostingProcess;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * The contract finds what is wrong with a domain. That it passes what is right, the domains of this repository show.
 */
class DomainContractTest {

    private final DomainContract pots = contract("pots");

    private DomainContract contract(String view) {
        Pots<Pots.Event> domain = new Pots<>(Pots.Event.class, view);
        return new DomainContract(domain, Schemas.of(domain).in(Path.of("target", "none"))) {};
    }

    private static DomainContract contract(ProcessManager<?>... processes) {
        Pots<Pots.Event> domain = new Pots<>(Pots.Event.class, "pots", List.of(processes));
        return new DomainContract(domain, Schemas.of(domain).in(Path.of("target", "none"))) {};
    }

    private static void assertFails(ThrowingCallable test, String... message) {
        assertThatExceptionOfType(AssertionError.class).isThrownBy(test).withMessageContainingAll(message);
    }

    @Test
    void a_domain_that_is_not_registered_is_found() {
        assertFails(pots::the_domain_is_found_by_the_service_loader, "META-INF/services/dev.annals.api.Domain", "Pots");
    }

    @Test
    void a_name_that_no_view_can_have_is_found() {
        assertThatCode(pots::views_have_names_of_their_own_and_filters_of_their_fields)
                .doesNotThrowAnyException();
        assertFails(contract("Pots")::views_have_names_of_their_own_and_filters_of_their_fields, "Pots");
    }

    @Test
    void a_process_without_a_name_of_its_own_or_sealed_interfaces_is_found() {
        PostingProcess posting = new PostingProcess();
        PostingProcess open = new PostingProcess() {
            @Override
            public List<Class<?>> commands() {
                return List.of(Parcels.Post.class);
            }
        };
        PostingProcess likeTheType = new PostingProcess() {
            @Override
            public String name() {
                return "pots";
            }
        };

        assertThatCode(contract(posting)::processes_have_names_of_their_own_and_follow_sealed_interfaces)
                .doesNotThrowAnyException();
        assertFails(
                contract(posting, posting)::processes_have_names_of_their_own_and_follow_sealed_interfaces, "postings");
        assertFails(contract(likeTheType)::processes_have_names_of_their_own_and_follow_sealed_interfaces, "pots");
        assertFails(contract(open)::processes_have_names_of_their_own_and_follow_sealed_interfaces, "commands of");
    }

    @Test
    void schemas_and_shapes_that_are_not_recorded_are_found() {
        assertFails(pots::schemas_are_recorded, "Planted.avsc", "-Dannals.schemas.record=true");
        assertFails(pots::versions_are_raised_with_the_shapes, "state:pots", "-Dannals.shapes.record=true");
    }

    @Test
    void a_record_without_a_schema_on_the_class_path_is_named() {
        assertThatExceptionOfType(SchemaNotFoundException.class)
                .isThrownBy(() -> pots.every_record_comes_back_from_avro_as_it_was())
                .withMessageContaining("org.example.garden.pots.");
    }

    private static <T extends Record> RecordBinding<T> binding(Class<T> type) {
        return RecordBinding.of(type, DerivedSchema.of(type));
    }

    record Fickle(int value) {
        Fickle {
            value++;
        }
    }

    record Picky(String code) {
        Picky {
            if (code.length() != 3) {
                throw new IllegalArgumentException("expected three letters");
            }
        }
    }

    @Test
    void a_record_that_does_not_come_back_as_it_was_is_found() {
        assertFails(() -> pots.assertComesBack(binding(Fickle.class)), "Fickle");
    }

    @Test
    void a_record_that_accepts_no_sample_asks_for_one() {
        assertFails(() -> pots.assertComesBack(binding(Picky.class)), "Picky", "samples()");
    }
}
