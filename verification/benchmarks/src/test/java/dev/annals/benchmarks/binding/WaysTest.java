package dev.annals.benchmarks.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.orders.OrderEvent.OrderPlaced;
import java.io.IOException;
import org.apache.avro.reflect.ReflectData;
import org.apache.avro.reflect.ReflectDatumReader;
import org.apache.avro.reflect.ReflectDatumWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which ways are right at all. What fails here is a reason of ADR 2; when it no longer fails, look at the ADR again.
 */
class WaysTest {

    @ParameterizedTest
    @EnumSource(Payload.class)
    void the_binder_and_a_hand_written_mapper_are_alike_and_lose_nothing(Payload payload) throws IOException {
        byte[] bytes = encode(Way.BINDER, payload);

        assertThat(encode(Way.HAND_WRITTEN, payload)).isEqualTo(bytes);
        assertThat(Way.BINDER.codec(payload).decode(bytes)).isEqualTo(payload.event());
        assertThat(Way.HAND_WRITTEN.codec(payload).decode(bytes)).isEqualTo(payload.event());
    }

    @ParameterizedTest
    @EnumSource(Payload.class)
    void generated_classes_write_what_they_read(Payload payload) throws IOException {
        byte[] bytes = encode(Way.BINDER, payload);
        Codec<Object> generated = codec(Way.GENERATED, payload);

        assertThat(generated.encode(generated.decode(bytes))).isEqualTo(bytes);
    }

    @Test
    void jackson_is_right_for_decimals_and_dates() throws IOException {
        assertThat(encode(Way.JACKSON, Payload.DEPOSIT)).isEqualTo(encode(Way.BINDER, Payload.DEPOSIT));
    }

    @Test
    void jackson_takes_microseconds_for_milliseconds() throws IOException {
        OrderPlaced event = (OrderPlaced) Payload.ORDER_OF_5.event();
        OrderPlaced read =
                (OrderPlaced) Way.JACKSON.codec(Payload.ORDER_OF_5).decode(encode(Way.BINDER, Payload.ORDER_OF_5));

        assertThat(read.lines()).isEqualTo(event.lines());
        assertThat(read.placedAt()).isNotEqualTo(event.placedAt());
    }

    @Test
    void reflect_data_cannot_make_records() throws IOException {
        Way.trust(MoneyDeposited.class);
        ReflectData data = new ReflectData();
        var codec = new AvroCodec<>(
                new ReflectDatumWriter<>(MoneyDeposited.class, data),
                new ReflectDatumReader<MoneyDeposited>(Payload.DEPOSIT.schema(), Payload.DEPOSIT.schema(), data));

        assertThatThrownBy(() -> codec.decode(encode(Way.BINDER, Payload.DEPOSIT)))
                .isInstanceOf(RuntimeException.class);
    }

    private static byte[] encode(Way way, Payload payload) throws IOException {
        return codec(way, payload).encode(payload.event());
    }

    @SuppressWarnings("unchecked") // a codec is given only what fits its payload
    private static Codec<Object> codec(Way way, Payload payload) {
        return (Codec<Object>) way.codec(payload);
    }
}
