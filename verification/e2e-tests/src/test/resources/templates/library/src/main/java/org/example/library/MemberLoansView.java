package org.example.library;

import dev.annals.api.Doc;
import dev.annals.api.GroupedView;
import dev.annals.api.RecordedEvent;
import org.example.library.CopyEvent.CopyLent;
import org.jspecify.annotations.Nullable;

/** One row a member who has something. */
final class MemberLoansView implements GroupedView<CopyEvent, MemberLoansView.Loan, MemberLoansView.MemberLoansRow> {

    /** A copy that a member has. */
    record Loan(String member) {}

    @Doc("View member-loans: what one member has.")
    record MemberLoansRow(@Doc("How many copies the member has.") long loans) {}

    @Override
    public String name() {
        return "member-loans";
    }

    @Override
    public Class<MemberLoansRow> row() {
        return MemberLoansRow.class;
    }

    @Override
    public Class<Loan> part() {
        return Loan.class;
    }

    @Override
    public @Nullable Loan apply(@Nullable Loan loan, RecordedEvent<CopyEvent> event) {
        return event.event() instanceof CopyLent lent ? new Loan(lent.member()) : null;
    }

    @Override
    public String group(Loan loan) {
        return loan.member();
    }

    @Override
    public MemberLoansRow add(@Nullable MemberLoansRow row, Loan loan) {
        return new MemberLoansRow(row == null ? 1 : row.loans() + 1);
    }

    @Override
    public @Nullable MemberLoansRow subtract(MemberLoansRow row, Loan loan) {
        return row.loans() == 1 ? null : new MemberLoansRow(row.loans() - 1);
    }
}
