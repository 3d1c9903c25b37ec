package dev.annals.operations.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.accounts.Account;
import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountEvent.BooksClosed;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountStatus;
import dev.annals.accounts.AccountsDomain;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.kafka.KafkaAccess;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateFoldTest {

    private static final String TOPIC = "accounts.events";
    private static final KafkaAccess KAFKA =
            new KafkaAccess("nowhere:1", "mock://state-fold", new Topics(""), Map.of());
    private static final AggregateBinding<?, Account, AccountEvent> ACCOUNTS =
            AggregateBinding.of(new AccountsDomain().aggregate());

    private static final BooksClosed BOOKS = new BooksClosed(
            "Ada", "EUR", BigDecimal.ZERO, BigDecimal.TEN, new BigDecimal("3"), 2, AccountStatus.OPEN, 0, List.of());

    private final Deserializer<Object> deserializer = KAFKA.serdes().newDeserializer();
    private final Serializer<Object> serializer = KAFKA.serdes().newSerializer();
    private final StateFold<Account, AccountEvent> fold =
            new StateFold<>(ACCOUNTS, new EventDecoder(ACCOUNTS, deserializer));

    @AfterEach
    void close() {
        deserializer.close();
        serializer.close();
    }

    @Test
    void a_state_has_each_event_once_and_its_version() {
        take(1, new AccountOpened("Ada", "EUR", BigDecimal.ZERO));
        take(2, new MoneyDeposited(new BigDecimal("12.5"), null, null));
        take(2, new MoneyDeposited(new BigDecimal("12.5"), null, null));

        assertThat(fold.ids()).containsExactly("ada");
        assertThat(fold.canonical("ada"))
                .startsWith("{\"id\":\"ada\",\"state\":{")
                .contains("\"balance\":\"12.5\"")
                .endsWith("},\"version\":2}");
        assertThat(fold.canonical("bob")).isNull();
    }

    @Test
    void erased_and_missing_events_are_refused_as_the_decider_says() {
        take(1, new AccountOpened("Ada", "EUR", BigDecimal.ZERO));

        assertThatThrownBy(() -> take(2, null))
                .hasMessageContainingAll("erased", "let dev.annals.accounts.AccountDecider.missingEvents() say SKIP");
        assertThatThrownBy(() -> take(3, new MoneyDeposited(BigDecimal.ONE, null, null)))
                .hasMessageContaining("missing");
    }

    @Test
    void a_state_begins_anew_with_a_summary() {
        expired(2);
        take(9, BOOKS);
        take(10, new MoneyDeposited(BigDecimal.ONE, null, null));

        assertThat(fold.canonical("ada")).contains("\"balance\":\"8\"").endsWith("},\"version\":10}");
        take(11, BOOKS);
        assertThat(fold.canonical("ada")).contains("\"balance\":\"7\"").endsWith("},\"version\":11}");
    }

    private void expired(long version) {
        var record =
                new ConsumerRecord<byte[], byte[]>(TOPIC, 0, version, new EventKey("ada", version).toBytes(), null);
        HeaderName.EXPIRED.put(record.headers(), "3");
        fold.take(record);
    }

    private void take(long version, @Nullable AccountEvent event) {
        byte[] value = event == null ? null : serializer.serialize(TOPIC, ACCOUNTS.toAvro(event));
        fold.take(new ConsumerRecord<>(TOPIC, 0, version, new EventKey("ada", version).toBytes(), value));
    }
}
