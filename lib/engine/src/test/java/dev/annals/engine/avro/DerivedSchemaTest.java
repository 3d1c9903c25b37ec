package dev.annals.engine.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DerivedSchemaTest {

    record Line(int quantity) {}

    record Twice(Line first, List<Line> more) {}

    record Odd(Optional<String> maybe) {}

    record OddKey(Map<Integer, String> byNumber) {}

    record Precise(BigDecimal amount) {}

    static final class Other {
        record Line(String text) {}

        enum Precise {
            YES
        }
    }

    record Clash(Line line, Other.Line other) {}

    record EnumClash(Precise precise, Other.Precise other) {}

    @Test
    void a_class_may_stand_at_several_places() {
        RecordBinding<Twice> binding = RecordBinding.of(Twice.class, DerivedSchema.of(Twice.class));
        SingleObjectCodec codec = new SingleObjectCodec(binding.schema());
        Twice value = new Twice(new Line(1), List.of(new Line(2)));

        assertThat(binding.fromAvro(codec.decode(codec.encode(binding.toAvro(value)))))
                .isEqualTo(value);
    }

    @Test
    void a_type_without_a_schema_names_its_component() {
        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> DerivedSchema.of(Odd.class))
                .withMessageContaining("Odd.maybe");
        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> DerivedSchema.of(OddKey.class))
                .withMessageContaining("OddKey.byNumber");
    }

    @Test
    void two_classes_of_one_simple_name_are_refused() {
        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> DerivedSchema.of(Clash.class))
                .withMessageContaining("Other$Line");
        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> DerivedSchema.of(EnumClash.class))
                .withMessageContaining("Other$Precise");
    }

    @Test
    void money_with_more_than_four_decimals_is_refused_not_rounded() {
        RecordBinding<Precise> binding = RecordBinding.of(Precise.class, DerivedSchema.of(Precise.class));

        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> binding.toAvro(new Precise(new BigDecimal("0.00001"))))
                .withMessageContaining("Precise.amount");
    }
}
