package dev.annals.imports;

import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountCommand.Withdraw;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of the PKDD'99 "Berka" bank, a row a booking, those of an account in order: each account is opened
 * with the overdraft that its rows need, then each row becomes one {@code Deposit} or {@code Withdraw}.
 *
 * <p>Each command expects the version that those before it leave, so no booking is doubled even when the service has
 * forgotten the ids of an earlier import. The memory it takes is that of the accounts, not of their rows.
 */
final class Berka implements CommandSource<Statement> {

    private static final String ACCOUNT = "account_id";
    static final String SEQUENCE = "seq";
    private static final String DATE = "date";
    private static final String DIRECTION = "direction";
    private static final String OPERATION = "operation";
    private static final String SYMBOL = "symbol";
    static final String AMOUNT = "amount";
    private static final List<String> COLUMNS = List.of(ACCOUNT, SEQUENCE, DATE, DIRECTION, OPERATION, SYMBOL, AMOUNT);

    private static final String CURRENCY = "CZK";
    private static final String CREDIT = "credit";
    private static final String DEBIT = "debit";

    private final List<InputFile> files;
    private final Map<String, Statement> statements = new LinkedHashMap<>();

    Berka(List<InputFile> files) {
        this.files = List.copyOf(files);
    }

    @Override
    public String name() {
        return "berka";
    }

    @Override
    public String aggregateType() {
        return "accounts";
    }

    @Override
    public List<Class<? extends Record>> payloads() {
        return List.of(OpenAccount.class, Deposit.class, Withdraw.class);
    }

    /** What the input says of each account; empty before {@link #survey}. */
    Map<String, Statement> statements() {
        return Collections.unmodifiableMap(statements);
    }

    @Override
    public Survey survey() {
        statements.clear();
        long[] zeros = {0};
        CsvRow.forEach(files, COLUMNS, row -> {
            Statement statement = statements.computeIfAbsent(row.required(ACCOUNT), Statement::new);
            if (isZero(row)) {
                zeros[0]++;
            } else {
                statement.add(row.wholeNumber(SEQUENCE), row, isCredit(row), row.money(AMOUNT));
                booking(row);
            }
        });
        long rows = statements.values().stream().mapToLong(Statement::bookings).sum();
        return new Survey(statements.size() + rows, Map.of("zero-amounts", zeros[0]));
    }

    @Override
    public void forEach(Consumer<Outgoing<Statement>> commands) {
        Map<String, Long> versions = new HashMap<>();
        CsvRow.forEach(files, COLUMNS, row -> {
            Statement account = Objects.requireNonNull(statements.get(row.required(ACCOUNT)), "survey comes first");
            if (!versions.containsKey(account.id())) {
                OpenAccount open = new OpenAccount("Berka account " + account.id(), CURRENCY, account.overdraft());
                commands.accept(command(account, 0, open, midnight(row), 0));
                versions.put(account.id(), 1L);
            }
            if (!isZero(row)) {
                long version = versions.merge(account.id(), 1L, Long::sum) - 1;
                commands.accept(command(account, row.wholeNumber(SEQUENCE), booking(row), midnight(row), version));
            }
        });
    }

    private Outgoing<Statement> command(
            Statement account, long sequence, Record payload, Instant time, long earlierCommands) {
        return new Outgoing<>(
                account.id(),
                "%s/%s/%d".formatted(name(), account.id(), sequence),
                payload,
                time,
                earlierCommands,
                account);
    }

    private static Record booking(CsvRow row) {
        BigDecimal amount = row.money(AMOUNT);
        LocalDate day = date(row);
        String reference = reference(row);
        return isCredit(row) ? new Deposit(amount, day, reference) : new Withdraw(amount, day, reference);
    }

    private static @Nullable String reference(CsvRow row) {
        String words = Stream.of(row.text(OPERATION), row.text(SYMBOL))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(": "));
        return words.isEmpty() ? null : words;
    }

    /** The full data set has a few; no rule of an account allows them, and they change nothing. */
    private static boolean isZero(CsvRow row) {
        return row.money(AMOUNT).signum() == 0;
    }

    private static boolean isCredit(CsvRow row) {
        return switch (row.text(DIRECTION)) {
            case CREDIT -> true;
            case DEBIT -> false;
            default -> throw row.invalid(DIRECTION, CREDIT + " or " + DEBIT);
        };
    }

    private static LocalDate date(CsvRow row) {
        return row.parsed(DATE, "a date such as 1996-07-28", LocalDate::parse);
    }

    private static Instant midnight(CsvRow row) {
        return date(row).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
