package org.example.library;

import dev.annals.testkit.DeciderKit;
import dev.annals.testkit.DomainContract;
import dev.annals.testkit.ViewKit;
import java.time.LocalDate;
import org.example.library.CopyCommand.LendCopy;
import org.example.library.CopyCommand.ReportLost;
import org.example.library.CopyCommand.ReturnCopy;
import org.example.library.CopyEvent.CopyLent;
import org.example.library.CopyEvent.CopyLost;
import org.example.library.CopyEvent.CopyRegistered;
import org.example.library.CopyEvent.CopyReturned;
import org.example.library.MemberLoansView.MemberLoansRow;
import org.junit.jupiter.api.Test;

class LibraryTest extends DomainContract {

    private static final LocalDate DUE = LocalDate.of(2026, 3, 1);
    private static final CopyRegistered REGISTERED = new CopyRegistered("Middlemarch");
    private static final CopyLent LENT = new CopyLent("ada", DUE);

    LibraryTest() {
        super(new LibraryDomain());
    }

    @Test
    void a_copy_is_lent_to_one_member_at_a_time() {
        DeciderKit.given(new CopyDecider(), REGISTERED)
                .when(new LendCopy("ada", DUE))
                .then(LENT)
                .when(new LendCopy("bob", DUE))
                .thenRejected("copy-is-lent")
                .when(new ReturnCopy(null))
                .then(new CopyReturned("ada", null));
    }

    @Test
    void a_lost_copy_is_gone() {
        DeciderKit.given(new CopyDecider(), REGISTERED, LENT)
                .when(new ReportLost())
                .then(new CopyLost("ada"))
                .when(new ReturnCopy(null))
                .thenRejected("copy-not-found");
    }

    @Test
    void a_member_has_what_was_lent_and_is_not_back() {
        ViewKit.of(new MemberLoansView())
                .given("1", REGISTERED, LENT)
                .given("2", REGISTERED, LENT)
                .thenRow("ada", new MemberLoansRow(2))
                .given("1", new CopyReturned("ada", "a page is missing"))
                .thenRow("ada", new MemberLoansRow(1))
                .given("2", new CopyLost("ada"))
                .thenNoRow("ada");
    }
}
