package dev.annals.operations.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.engine.kafka.DeadLetterRecord;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.deadletters.DeadLetter.Origin;
import dev.annals.operations.deadletters.DeadLetter.Position;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterTest {

    private static final byte[] VALUE = {0, 0, 0, 0, 1, 2};

    private static ConsumerRecord<byte[], byte[]> letter(@Nullable String key, String... headers) {
        RecordHeaders all = new RecordHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1].getBytes(UTF_8));
        }
        return new ConsumerRecord<>(
                "accounts.dead-letters",
                2,
                17,
                1_294_135_200_000L,
                TimestampType.CREATE_TIME,
                0,
                0,
                key == null ? null : key.getBytes(UTF_8),
                VALUE,
                all,
                Optional.empty());
    }

    private static ConsumerRecord<byte[], byte[]> unreadable(String key) {
        return letter(
                key,
                "ce_id",
                "c1",
                "ce_type",
                "annals.accounts.Deposit",
                "x_mine",
                "kept",
                "annals_dead_letter_reason",
                "unreadable",
                "annals_dead_letter_message",
                "no magic byte",
                "annals_dead_letter_topic",
                "accounts.commands",
                "annals_dead_letter_partition",
                "1",
                "annals_dead_letter_offset",
                "40");
    }

    @Test
    void says_where_it_is_what_it_was_and_why() {
        assertThat(DeadLetter.of(unreadable("ada")))
                .isEqualTo(new DeadLetter(
                        new Position(2, 17),
                        Instant.parse("2011-01-04T10:00:00Z"),
                        "ada",
                        "unreadable",
                        "no magic byte",
                        new Origin("accounts.commands", "1", "40"),
                        "c1",
                        "annals.accounts.Deposit"));
    }

    @Test
    void without_any_header_is_known_all_the_same() {
        assertThat(DeadLetter.of(letter(null)))
                .isEqualTo(new DeadLetter(
                        new Position(2, 17),
                        Instant.parse("2011-01-04T10:00:00Z"),
                        null,
                        null,
                        null,
                        new Origin(null, null, null),
                        null,
                        null));
    }

    @Test
    void is_sent_again_with_key_value_and_headers_as_received() {
        ProducerRecord<byte[], byte[]> command = DeadLetters.command(unreadable("ada"), "accounts.commands");

        assertThat(command.topic()).isEqualTo("accounts.commands");
        assertThat(command.partition()).isNull();
        assertThat(command.timestamp()).isNull();
        assertThat(command.key()).asString(UTF_8).isEqualTo("ada");
        assertThat(command.value()).isEqualTo(VALUE);
        assertThat(command.headers())
                .extracting(header -> header.key() + "=" + new String(header.value(), UTF_8))
                .containsExactly("ce_id=c1", "ce_type=annals.accounts.Deposit", "x_mine=kept");
    }

    @Test
    void without_a_key_cannot_be_sent_again() {
        assertThatThrownBy(() -> DeadLetters.command(letter(null, "annals_dead_letter_reason", "no-key"), "t"))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContainingAll("dead letter 2:17", "no key");
    }

    @Test
    void that_was_too_large_to_be_kept_cannot_be_sent_again_and_says_where_it_is() {
        var letter = letter(
                null,
                "annals_dead_letter_left_out",
                "950000",
                "annals_dead_letter_topic",
                "accounts.commands",
                "annals_dead_letter_partition",
                "1",
                "annals_dead_letter_offset",
                "40");

        assertThatThrownBy(() -> DeadLetters.command(letter, "t"))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContainingAll("dead letter 2:17", "950000 bytes", "accounts.commands 1:40");
    }

    @Test
    void that_nobody_could_read_cannot_be_sent_again_and_says_where_it_is() {
        Record<byte[], byte[]> written = DeadLetterRecord.ofInvalid(
                new RecordPlace("accounts.commands", 1, 40), 44, 1_000, "Invalid record size");
        ConsumerRecord<byte[], byte[]> letter = letter(null);
        written.headers().forEach(letter.headers()::add);

        assertThatThrownBy(() -> DeadLetters.command(letter, "t"))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContainingAll("dead letter 2:17", "can't read", "accounts.commands 1:40");
    }

    @Test
    void a_position_is_read_as_it_is_written() {
        assertThat(Position.parse("2:17")).isEqualTo(new Position(2, 17)).hasToString("2:17");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "17", "2:", ":17", "-1:17", "2:x", "2:17:3", "2:1234567890123456789"})
    void what_is_no_position_is_refused_with_an_example(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.parse(text))
                .withMessageContainingAll("PARTITION:OFFSET", "2:17", "'" + text + "'");
    }
}
