package dev.annals.benchmarks.binding;

import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A mapper for each type, as one would write it by hand: the least that the way over {@link GenericRecord} can cost.
 */
abstract class HandWrittenCodec<T extends Record> implements Codec<T> {

    private static final int SCALE = 4;

    private final AvroCodec<GenericRecord> avro;

    private HandWrittenCodec(Schema schema) {
        this.avro = AvroCodec.generic(schema);
    }

    abstract GenericRecord toAvro(T value);

    abstract T fromAvro(GenericRecord record);

    @Override
    public byte[] encode(T value) throws IOException {
        return avro.encode(toAvro(value));
    }

    @Override
    public T decode(byte[] bytes) throws IOException {
        return fromAvro(avro.decode(bytes));
    }

    static final class Deposits extends HandWrittenCodec<MoneyDeposited> {

        private final Schema schema;

        Deposits(Schema schema) {
            super(schema);
            this.schema = schema;
        }

        @Override
        GenericRecord toAvro(MoneyDeposited value) {
            GenericRecord record = new GenericData.Record(schema);
            LocalDate bookedOn = value.bookedOn();
            record.put(0, bytes(value.amount()));
            record.put(1, bookedOn == null ? null : (int) bookedOn.toEpochDay());
            record.put(2, value.reference());
            return record;
        }

        @Override
        MoneyDeposited fromAvro(GenericRecord record) {
            Integer bookedOn = (Integer) record.get(1);
            return new MoneyDeposited(
                    decimal(record.get(0)),
                    bookedOn == null ? null : LocalDate.ofEpochDay(bookedOn),
                    textOrNull(record.get(2)));
        }
    }

    static final class Orders extends HandWrittenCodec<OrderPlaced> {

        private final Schema schema;
        private final Schema lines;

        Orders(Schema schema) {
            super(schema);
            this.schema = schema;
            this.lines = schema.getField("lines").schema();
        }

        @Override
        GenericRecord toAvro(OrderPlaced value) {
            GenericRecord record = new GenericData.Record(schema);
            Instant placedAt = value.placedAt();
            record.put(0, value.customerId());
            record.put(1, value.country());
            record.put(2, value.currency());
            record.put(3, placedAt == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, placedAt));
            record.put(4, toAvro(value.lines()));
            record.put(5, bytes(value.total()));
            return record;
        }

        private List<GenericRecord> toAvro(List<OrderLine> values) {
            List<GenericRecord> records = new ArrayList<>(values.size());
            for (OrderLine line : values) {
                GenericRecord record = new GenericData.Record(lines.getElementType());
                record.put(0, line.sku());
                record.put(1, line.description());
                record.put(2, line.quantity());
                record.put(3, bytes(line.unitPrice()));
                records.add(record);
            }
            return records;
        }

        @Override
        OrderPlaced fromAvro(GenericRecord record) {
            Long placedAt = (Long) record.get(3);
            return new OrderPlaced(
                    textOrNull(record.get(0)),
                    textOrNull(record.get(1)),
                    record.get(2).toString(),
                    placedAt == null ? null : Instant.EPOCH.plus(placedAt, ChronoUnit.MICROS),
                    lines((List<?>) record.get(4)),
                    decimal(record.get(5)));
        }

        private static List<OrderLine> lines(List<?> records) {
            List<OrderLine> lines = new ArrayList<>(records.size());
            for (Object each : records) {
                GenericRecord line = (GenericRecord) each;
                lines.add(new OrderLine(
                        line.get(0).toString(), line.get(1).toString(), (Integer) line.get(2), decimal(line.get(3))));
            }
            return lines;
        }
    }

    private static @Nullable String textOrNull(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static ByteBuffer bytes(BigDecimal money) {
        return ByteBuffer.wrap(money.setScale(SCALE).unscaledValue().toByteArray());
    }

    private static BigDecimal decimal(@Nullable Object value) {
        ByteBuffer buffer = (ByteBuffer) Objects.requireNonNull(value);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return new BigDecimal(new BigInteger(bytes), SCALE);
    }
}
