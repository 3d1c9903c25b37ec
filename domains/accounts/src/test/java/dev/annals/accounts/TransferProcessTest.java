package dev.annals.accounts;

import static dev.annals.testkit.ProcessKit.accepted;
import static dev.annals.testkit.ProcessKit.failed;
import static dev.annals.testkit.ProcessKit.happened;
import static dev.annals.testkit.ProcessKit.inAnyOrder;
import static dev.annals.testkit.ProcessKit.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.AccountCommand.CloseAccount;
import dev.annals.accounts.AccountCommand.CompleteTransfer;
import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountCommand.ReceiveTransfer;
import dev.annals.accounts.AccountCommand.RefundTransfer;
import dev.annals.accounts.AccountCommand.SendTransfer;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountEvent.TransferCompleted;
import dev.annals.accounts.AccountEvent.TransferReceived;
import dev.annals.accounts.AccountEvent.TransferRefunded;
import dev.annals.accounts.AccountEvent.TransferSent;
import dev.annals.accounts.Transfer.Step;
import dev.annals.api.Effect.End;
import dev.annals.api.Effect.Send;
import dev.annals.api.Input.Happened;
import dev.annals.testkit.ProcessKit;
import dev.annals.testkit.SimulatedHost;
import dev.annals.testkit.SimulatedHost.Ended;
import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TransferProcessTest {

    private static final BigDecimal TEN = new BigDecimal("10.0000");
    private static final Happened SENT = happened("a", 3, new TransferSent(1, "b", TEN, "CZK", "rent"));
    private static final Send RECEIVE = new Send("b", new ReceiveTransfer("a", 1, TEN, "CZK", "rent"));
    private static final Happened RECEIVED = happened("b", 2, new TransferReceived("a", 1, TEN, "rent"));
    private static final Send COMPLETE = new Send("a", new CompleteTransfer(1));
    private static final Happened COMPLETED = happened("a", 4, new TransferCompleted(1));
    private static final Send REFUND = new Send("a", new RefundTransfer(1, "account-closed"));
    private static final Happened REFUNDED = happened("a", 4, new TransferRefunded(1, TEN, "account-closed"));

    private final TransferProcess process = new TransferProcess();

    @Test
    void money_that_was_received_is_booked_on_both() {
        var ended = given(SENT)
                .when(accepted(RECEIVE))
                .thenNothing()
                .when(RECEIVED)
                .then(COMPLETE)
                .when(COMPLETED)
                .then(new End());

        assertThat(ended.state()).isEqualTo(new Transfer(Step.COMPLETED, "a", 1, "b", TEN, "CZK", null));
        ProcessKit.given(process).when(SENT).then(RECEIVE);
    }

    @Test
    void money_that_was_refused_comes_back() {
        var ended = given(SENT)
                .when(rejected(RECEIVE, "account-closed"))
                .then(REFUND)
                .when(accepted(REFUND))
                .thenNothing()
                .when(REFUNDED)
                .then(new End());

        assertThat(ended.state()).isEqualTo(new Transfer(Step.REFUNDED, "a", 1, "b", TEN, "CZK", "account-closed"));
    }

    /** Its dead letter can be sent again: who had paid back then would have paid twice. */
    @Test
    void nothing_comes_back_of_a_command_that_failed() {
        var failed = given(SENT).when(failed(RECEIVE)).thenNothing();

        assertThat(failed.state()).returns(Step.SENT, Transfer::step).returns("failed", Transfer::problem);
        failed.when(RECEIVED).then(COMPLETE);
        failed.when(REFUNDED).then(new End()); // by an operator
    }

    @Test
    void what_the_senders_account_refuses_is_to_be_seen() {
        assertThat(given(SENT, RECEIVED)
                        .when(rejected(COMPLETE, "transfer-not-open"))
                        .thenNothing()
                        .state()
                        .problem())
                .isEqualTo("transfer-not-open");
    }

    @Test
    void money_that_was_never_sent_leaves_no_trace() {
        ProcessKit.given(process).when(RECEIVED).thenNoTrace();
    }

    @Test
    void other_bookings_belong_to_no_transfer() {
        assertThat(process.instance(happened("a", 2, new MoneyDeposited(TEN, null, null))))
                .isNull();
    }

    @Test
    void an_instance_is_named_after_its_account_and_number() {
        assertThat(process.instance(SENT)).isEqualTo("a~1");
        assertThat(process.instance(RECEIVED)).isEqualTo("a~1");
        assertThat(process.instance(COMPLETED)).isEqualTo("a~1");
        assertThat(process.instance(REFUNDED)).isEqualTo("a~1");
    }

    @Test
    void accounts_with_the_longest_ids_send_and_receive() {
        String from = "x".repeat(200);
        String to = "y".repeat(200);

        SimulatedHost.of(process, new AccountsDomain().aggregate())
                .given(from, open(), deposit("10"))
                .given(to, open())
                .when(from, new SendTransfer(to, TEN, null))
                .thenEachEnd(end ->
                        assertThat(end.states(Account.class).get(to).balance()).isEqualByComparingTo("10"));
    }

    @Test
    void answers_and_events_may_come_in_any_order() {
        inAnyOrder(process, List.of(SENT, COMPLETED), List.of(RECEIVED))
                .thenEachEnd((inputs, end) -> assertThat(end.ended()).isTrue());
        var end = inAnyOrder(process, List.of(SENT))
                .answeredBy(send -> send.equals(RECEIVE) ? rejected(send, "account-closed") : accepted(send))
                .thenSameEnd();

        assertThat(end.sent()).containsOnlyKeys(RECEIVE, REFUND);
    }

    /**
     * Who closes the other account just then has the money sent back, or can't close it; who is asked twice pays once.
     */
    @Test
    void a_transfer_ends_the_same_whatever_else_is_under_way() {
        String tried = host().when("a", new SendTransfer("b", TEN, null))
                .when("b", new CloseAccount())
                .thenEachEnd(end -> {
                    assertAllEnded(end);
                    boolean closed = end.states(Account.class).get("b").status() == AccountStatus.CLOSED;
                    assertThat(end.states(Account.class).get("a").balance()).isEqualByComparingTo(closed ? "10" : "0");
                });

        assertThat(tried).startsWith("all ");
    }

    @Test
    void a_transfer_to_oneself_changes_nothing() {
        host().when("a", new SendTransfer("a", TEN, null)).thenEachEnd(end -> {
            assertAllEnded(end);
            assertThat(end.states(Account.class).get("a").balance()).isEqualByComparingTo("10");
        });
    }

    @Test
    void a_dead_letter_that_is_sent_again_ends_the_transfer() {
        host().when("a", new SendTransfer("b", TEN, null)).failing(send -> true).thenEachEnd(end -> {
            assertThat(end.instances(Transfer.class).get("a~1").step()).isEqualTo(Step.COMPLETED);
            assertThat(end.states(Account.class).get("b").balance()).isEqualByComparingTo("10");
        });
    }

    @Property(tries = 500)
    void no_money_vanishes_or_comes_from_nothing(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> ids = List.of("a", "b", "c", "d", "e", "nobody");
        SimulatedHost<Transfer> host = SimulatedHost.of(process, new AccountsDomain().aggregate())
                .given("a", open(), deposit("20"))
                .given("b", open(), deposit("20"))
                .given("c", new OpenAccount("Cid", "CZK", new BigDecimal("5")))
                .given("d", new OpenAccount("Dan", "EUR", null), deposit("20"))
                .given("e", open());
        for (int i = 0; i < 12; i++) {
            String from = ids.get(random.nextInt(4));
            String to = ids.get(random.nextInt(ids.size()));
            host = host.when(from, new SendTransfer(to, new BigDecimal(random.nextInt(1, 15)), null));
        }

        host.when("e", new CloseAccount()).thenEnd(seed, end -> {
            assertAllEnded(end);
            assertThat(sum(end)).isEqualByComparingTo("60");
        });
    }

    private SimulatedHost<Transfer> host() {
        return SimulatedHost.of(process, new AccountsDomain().aggregate())
                .given("a", open(), deposit("10"))
                .given("b", open());
    }

    private static void assertAllEnded(Ended end) {
        assertThat(end.unanswered()).isEmpty();
        assertThat(end.instances(Transfer.class).values())
                .extracting(Transfer::step)
                .isSubsetOf(Step.COMPLETED, Step.REFUNDED);
        assertThat(end.states(Account.class).values())
                .allSatisfy(account -> assertThat(account.openTransfers()).isEmpty());
    }

    private static BigDecimal sum(Ended end) {
        return end.states(Account.class).values().stream()
                .map(Account::balanceWithRefunds)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static OpenAccount open() {
        return new OpenAccount("Ann", "CZK", null);
    }

    private static Deposit deposit(String amount) {
        return new Deposit(new BigDecimal(amount), null, null);
    }

    private ProcessKit<Transfer> given(Happened... inputs) {
        return ProcessKit.given(process, inputs);
    }
}
