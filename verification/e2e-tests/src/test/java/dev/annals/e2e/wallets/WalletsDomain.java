package dev.annals.e2e.wallets;

import dev.annals.api.AggregateType;
import dev.annals.api.AggregateView;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Domain;
import dev.annals.api.GroupedView;
import dev.annals.api.MissingEvents;
import dev.annals.api.RecordedEvent;
import dev.annals.api.Summary;
import dev.annals.api.View;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** States and two views can do without erased events, a third view can't. */
public final class WalletsDomain implements Domain {

    /** In the jar: the version of the decider, so that a jar can be a later release of the same classes. */
    public static final String RELEASE = "wallets-release";

    @Override
    public AggregateType<?, ?, ?> aggregate() {
        return AggregateType.named("wallets", new Rules(release()))
                .commands(Command.class)
                .events(Event.class)
                .state(Wallet.class)
                .createdBy(Put.class)
                .build();
    }

    private static int release() {
        try (InputStream in = WalletsDomain.class.getResourceAsStream("/" + RELEASE)) {
            return Integer.parseInt(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<View<?, ?>> views() {
        return List.of(
                new Wallets("wallets", MissingEvents.SKIP),
                new Wallets("strict-wallets", MissingEvents.FAIL),
                new Holders());
    }

    sealed interface Command {}

    record Put(String holder, long amount) implements Command {}

    record SumUp() implements Command {}

    sealed interface Event {}

    record Added(String holder, long amount) implements Event {}

    record SummedUp(String holder, long sum) implements Event, Summary {}

    record Wallet(@Nullable String holder, long sum) {}

    private record Rules(int version) implements Decider<Command, Wallet, Event> {

        @Override
        public Wallet initial() {
            return new Wallet(null, 0);
        }

        @Override
        public Decision<Event> decide(Command command, Wallet wallet) {
            return switch (command) {
                case Put put -> Decision.accept(new Added(put.holder(), put.amount()));
                case SumUp sumUp when wallet.holder() == null -> Decision.reject("empty", "nothing was put in yet");
                case SumUp sumUp -> Decision.accept(new SummedUp(wallet.holder(), wallet.sum()));
            };
        }

        @Override
        public Wallet evolve(Wallet wallet, Event event) {
            return switch (event) {
                case Added added -> new Wallet(added.holder(), wallet.sum() + added.amount());
                case SummedUp summed -> new Wallet(summed.holder(), summed.sum());
            };
        }

        @Override
        public Command summarize() {
            return new SumUp();
        }

        @Override
        public MissingEvents missingEvents() {
            return MissingEvents.SKIP;
        }
    }

    record WalletRow(String holder, long sum) {}

    private record Wallets(String name, MissingEvents missingEvents) implements AggregateView<Event, WalletRow> {

        @Override
        public Class<WalletRow> row() {
            return WalletRow.class;
        }

        @Override
        public WalletRow apply(@Nullable WalletRow row, RecordedEvent<Event> event) {
            return switch (event.event()) {
                case Added added -> new WalletRow(added.holder(), (row == null ? 0 : row.sum()) + added.amount());
                case SummedUp summed -> new WalletRow(summed.holder(), summed.sum());
            };
        }
    }

    record Purse(String holder, long sum) {}

    record HolderRow(long wallets, long sum) {}

    private static final class Holders implements GroupedView<Event, Purse, HolderRow> {

        @Override
        public String name() {
            return "holders";
        }

        @Override
        public MissingEvents missingEvents() {
            return MissingEvents.SKIP;
        }

        @Override
        public Class<HolderRow> row() {
            return HolderRow.class;
        }

        @Override
        public Class<Purse> part() {
            return Purse.class;
        }

        @Override
        public Purse apply(@Nullable Purse purse, RecordedEvent<Event> event) {
            return switch (event.event()) {
                case Added added -> new Purse(added.holder(), (purse == null ? 0 : purse.sum()) + added.amount());
                case SummedUp summed -> new Purse(summed.holder(), summed.sum());
            };
        }

        @Override
        public String group(Purse purse) {
            return purse.holder();
        }

        @Override
        public HolderRow add(@Nullable HolderRow row, Purse purse) {
            return row == null
                    ? new HolderRow(1, purse.sum())
                    : new HolderRow(row.wallets() + 1, row.sum() + purse.sum());
        }

        @Override
        public @Nullable HolderRow subtract(HolderRow row, Purse purse) {
            return row.wallets() == 1 ? null : new HolderRow(row.wallets() - 1, row.sum() - purse.sum());
        }
    }
}
