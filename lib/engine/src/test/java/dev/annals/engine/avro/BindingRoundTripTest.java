package dev.annals.engine.avro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.avro.Everything.Colour;
import dev.annals.engine.avro.Everything.Line;
import dev.annals.engine.avro.Everything.Scalars;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What goes through Avro's bytes comes back as it was, by a written schema and by a derived one. */
class BindingRoundTripTest {

    private static final int TRIES = 200;
    private static final long MAX_UNSCALED = 999_999_999_999_999_999L;

    private final RecordBinding<Everything> written = RecordBinding.of(Everything.class, Everything.SCHEMA);
    private final RecordBinding<Everything> derived =
            RecordBinding.of(Everything.class, DerivedSchema.of(Everything.class));
    private final SingleObjectCodec codec = new SingleObjectCodec(derived.schema());

    @Property(tries = TRIES)
    void a_written_schema_keeps_every_value(@ForAll("everything") Everything value) throws IOException {
        byte[] bytes = AvroBytes.encode(written.toAvro(value));

        assertThat(written.fromAvro(AvroBytes.decode(bytes, Everything.SCHEMA, Everything.SCHEMA)))
                .isEqualTo(value);
    }

    @Property(tries = TRIES)
    void a_derived_schema_keeps_every_value(@ForAll("everything") Everything value) {
        assertThat(derived.fromAvro(codec.decode(codec.encode(derived.toAvro(value)))))
                .isEqualTo(value);
    }

    @Provide
    Arbitrary<Everything> everything() {
        return Combinators.combine(
                        scalars(),
                        lines().injectNull(0.3),
                        lines().list().ofMaxSize(5),
                        Arbitraries.maps(text(), money()).ofMaxSize(5),
                        text().list().ofMaxSize(5))
                .as(Everything::new);
    }

    private static Arbitrary<Scalars> scalars() {
        record Numbers(int whole, long large, double real, boolean flag, BigDecimal money) {}
        record Others(UUID uuid, Instant time, LocalDate day, Colour colour) {}
        Arbitrary<Numbers> numbers = Combinators.combine(
                        Arbitraries.integers(),
                        Arbitraries.longs(),
                        Arbitraries.doubles(),
                        Arbitraries.of(true, false),
                        money())
                .as(Numbers::new);
        Arbitrary<Others> others = Combinators.combine(uuids(), times(), days(), Arbitraries.of(Colour.class))
                .as(Others::new);
        return Combinators.combine(
                        text(),
                        numbers,
                        others,
                        Arbitraries.integers().injectNull(0.5),
                        money().injectNull(0.5),
                        times().injectNull(0.5),
                        uuids().injectNull(0.5),
                        Arbitraries.of(Colour.class).injectNull(0.5))
                .as((text, n, o, whole, money, time, uuid, colour) -> new Scalars(
                        text,
                        o.uuid(),
                        n.whole(),
                        n.large(),
                        n.real(),
                        n.flag(),
                        n.money(),
                        o.time(),
                        o.day(),
                        o.colour(),
                        whole,
                        money,
                        time,
                        uuid,
                        colour));
    }

    private static Arbitrary<Line> lines() {
        return Combinators.combine(text(), Arbitraries.integers()).as(Line::new);
    }

    /** Any text that UTF-8 can carry: no half of a surrogate pair. */
    private static Arbitrary<String> text() {
        return Arbitraries.strings()
                .ofMaxLength(20)
                .filter(text -> text.chars().noneMatch(c -> Character.isSurrogate((char) c)));
    }

    private static Arbitrary<BigDecimal> money() {
        return Arbitraries.longs()
                .between(-MAX_UNSCALED, MAX_UNSCALED)
                .map(unscaled -> new BigDecimal(BigInteger.valueOf(unscaled), 4));
    }

    private static Arbitrary<UUID> uuids() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
    }

    /** About 146,000 years to either side. */
    private static Arbitrary<Instant> times() {
        return Arbitraries.longs()
                .between(Long.MIN_VALUE / 2, Long.MAX_VALUE / 2)
                .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }

    private static Arbitrary<LocalDate> days() {
        return Arbitraries.integers().map(LocalDate::ofEpochDay);
    }
}
