package dev.annals.benchmarks.binding;

import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;

/** The ways that are compared. */
public enum Way {
    BINDER {
        @Override
        Codec<?> codec(Payload payload) {
            return new BinderCodec<>(payload.event().getClass(), payload.schema());
        }
    },
    HAND_WRITTEN {
        @Override
        Codec<?> codec(Payload payload) {
            return payload == Payload.DEPOSIT
                    ? new HandWrittenCodec.Deposits(payload.schema())
                    : new HandWrittenCodec.Orders(payload.schema());
        }
    },
    JACKSON {
        @Override
        Codec<?> codec(Payload payload) {
            return new JacksonCodec<>(payload.event().getClass(), payload.schema());
        }
    },
    /** Avro's generated classes as they are: what a domain would pay if they were its events. */
    GENERATED {
        @Override
        Codec<?> codec(Payload payload) {
            return payload == Payload.DEPOSIT
                    ? generated(annals.accounts.MoneyDeposited.class)
                    : generated(annals.orders.OrderPlaced.class);
        }
    };

    abstract Codec<?> codec(Payload payload);

    private static <R extends SpecificRecord> Codec<R> generated(Class<R> type) {
        trust(type, annals.orders.OrderLine.class);
        return new AvroCodec<>(new SpecificDatumWriter<>(type), new SpecificDatumReader<>(type));
    }

    /** Avro 1.12 makes objects only of classes that were named to it. */
    static void trust(Class<?>... classes) {
        ClassSecurityValidator.Builder trusted = ClassSecurityValidator.builder();
        for (Class<?> type : classes) {
            trusted.add(type);
        }
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(ClassSecurityValidator.DEFAULT, trusted.build()));
    }
}
