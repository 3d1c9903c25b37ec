package dev.annals.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.AccountClosed;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountsDomain;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderLine;
import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Orders and accounts meet in the rows of their customers, over four partitions and two projectors of which one goes.
 */
@WithKafka(registry = true)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class JoinedViewIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CUSTOMERS = 20;
    private static final int EVENTS_A_ROUND = 300;

    private final KafkaCluster kafka;
    private final Random random = new Random(20_261_122);
    private final SortedMap<String, CustomerRow> expected = new TreeMap<>();

    @TempDir
    private Path folder;

    private int orderNumber;
    private int accountNumber;

    JoinedViewIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void rows_hold_what_both_types_say() {
        Domains domains = new Domains(List.of(new Customers.Only(), new AccountsDomain()));
        Installation installation = Installation.of(kafka, folder, domains);
        try (Service one = new Service("projector");
                EventLog<OrderEvent> orders = installation.orders();
                EventLog<AccountEvent> accounts = installation.accounts()) {
            installation.start(one, "one");
            try (Service two = new Service("projector")) {
                installation.start(two, "two");
                write(orders, accounts);
                await().atMost(LIMIT)
                        .until(() -> !installation.rows().of(new Customers()).isEmpty());
                write(orders, accounts);
            }
            write(orders, accounts);

            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(installation.rows().of(new Customers())).isEqualTo(expected));
        }
    }

    private void write(EventLog<OrderEvent> orders, EventLog<AccountEvent> accounts) {
        for (int i = 0; i < EVENTS_A_ROUND; i++) {
            String customer = "customer-" + random.nextInt(CUSTOMERS);
            if (random.nextBoolean()) {
                order(orders, customer);
            } else {
                account(accounts, customer);
            }
        }
        orders.flush();
        accounts.flush();
    }

    private void order(EventLog<OrderEvent> orders, String customer) {
        String id = "order-" + orderNumber++;
        BigDecimal price = BigDecimal.valueOf(1L + random.nextInt(100_000), 4);
        orders.append(
                id,
                new OrderPlaced(
                        customer, "France", "EUR", null, List.of(new OrderLine("sku", "Thing", 1, price)), price));
        if (random.nextInt(3) == 0) {
            orders.append(id, new OrderCancelled("changed my mind"));
        } else {
            expected.put(customer, CustomerRow.orNew(expected.get(customer)).plusOrders(1, price));
        }
    }

    private void account(EventLog<AccountEvent> accounts, String customer) {
        String id = "account-" + accountNumber++;
        accounts.append(id, new AccountOpened(customer, "EUR", BigDecimal.ZERO));
        BigDecimal amount = BigDecimal.valueOf(1L + random.nextInt(100_000), 4);
        accounts.append(id, new MoneyDeposited(amount, null, null));
        if (random.nextInt(4) == 0) {
            accounts.append(id, new AccountClosed());
        } else {
            expected.put(customer, CustomerRow.orNew(expected.get(customer)).plusAccounts(1, amount));
        }
    }
}
