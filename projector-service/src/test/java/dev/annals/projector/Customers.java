package dev.annals.projector;

import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.AccountClosed;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountEvent.BooksClosed;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountEvent.MoneyWithdrawn;
import dev.annals.accounts.AccountEvent.TransferCompleted;
import dev.annals.accounts.AccountEvent.TransferReceived;
import dev.annals.accounts.AccountEvent.TransferRefunded;
import dev.annals.accounts.AccountEvent.TransferSent;
import dev.annals.accounts.AccountStatus;
import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.JoinedView;
import dev.annals.api.RecordedEvent;
import dev.annals.api.View;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrdersDomain;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What customers have ordered and what is on their accounts: a view that joins two types. */
final class Customers implements JoinedView<CustomerRow> {

    /** Orders with this view alone. */
    static final class Only implements Domain {

        @Override
        public AggregateType<?, ?, ?> aggregate() {
            return new OrdersDomain().aggregate();
        }

        @Override
        public List<View<?, ?>> views() {
            return List.of(new Customers());
        }
    }

    /** An order or an account of a customer; an order that is cancelled is none. */
    record Part(String customer, BigDecimal amount) {}

    @Override
    public String name() {
        return "customers";
    }

    @Override
    public Class<CustomerRow> row() {
        return CustomerRow.class;
    }

    @Override
    public List<Side<?, ?, CustomerRow>> sides() {
        return List.of(new Orders(), new Accounts());
    }

    private static final class Orders implements Side<OrderEvent, Part, CustomerRow> {
        @Override
        public Class<OrderEvent> events() {
            return OrderEvent.class;
        }

        @Override
        public Class<Part> part() {
            return Part.class;
        }

        @Override
        public @Nullable Part apply(@Nullable Part order, RecordedEvent<OrderEvent> event) {
            return switch (event.event()) {
                case OrderPlaced placed
                when placed.customerId() != null -> new Part(placed.customerId(), placed.total());
                case OrderCancelled cancelled -> null;
                default -> order;
            };
        }

        @Override
        public String group(Part order) {
            return order.customer();
        }

        @Override
        public CustomerRow add(@Nullable CustomerRow row, Part order) {
            return CustomerRow.orNew(row).plusOrders(1, order.amount());
        }

        @Override
        public @Nullable CustomerRow subtract(CustomerRow row, Part order) {
            return row.plusOrders(-1, order.amount().negate()).orNothing();
        }
    }

    private static final class Accounts implements Side<AccountEvent, Part, CustomerRow> {
        @Override
        public Class<AccountEvent> events() {
            return AccountEvent.class;
        }

        @Override
        public Class<Part> part() {
            return Part.class;
        }

        @Override
        public @Nullable Part apply(@Nullable Part account, RecordedEvent<AccountEvent> event) {
            return switch (event.event()) {
                case AccountOpened opened -> new Part(opened.owner(), BigDecimal.ZERO);
                case MoneyDeposited deposited -> plus(account, deposited.amount());
                case MoneyWithdrawn withdrawn ->
                    plus(account, withdrawn.amount().negate());
                case TransferSent sent -> plus(account, sent.amount().negate());
                case TransferReceived received -> plus(account, received.amount());
                case TransferCompleted completed -> account;
                case TransferRefunded refunded -> plus(account, refunded.amount());
                case AccountClosed closed -> null;
                case BooksClosed books ->
                    books.status() == AccountStatus.CLOSED
                            ? null
                            : new Part(books.owner(), books.totalDeposits().subtract(books.totalWithdrawals()));
            };
        }

        private static @Nullable Part plus(@Nullable Part account, BigDecimal amount) {
            return account == null
                    ? null
                    : new Part(account.customer(), account.amount().add(amount));
        }

        @Override
        public String group(Part account) {
            return account.customer();
        }

        @Override
        public CustomerRow add(@Nullable CustomerRow row, Part account) {
            return CustomerRow.orNew(row).plusAccounts(1, account.amount());
        }

        @Override
        public @Nullable CustomerRow subtract(CustomerRow row, Part account) {
            return row.plusAccounts(-1, account.amount().negate()).orNothing();
        }
    }
}
