package org.example.library;

import dev.annals.api.AggregateView;
import dev.annals.api.Doc;
import dev.annals.api.Filter;
import dev.annals.api.RecordedEvent;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.example.library.Copy.Status;
import org.example.library.CopyEvent.CopyLent;
import org.example.library.CopyEvent.CopyLost;
import org.example.library.CopyEvent.CopyRegistered;
import org.example.library.CopyEvent.CopyReturned;
import org.jspecify.annotations.Nullable;

/** One row a copy. */
final class CopiesView implements AggregateView<CopyEvent, CopiesView.CopyRow> {

    @Doc("View copies: one copy as it stands.")
    record CopyRow(
            @Doc("Title of the book.") String title,
            @Doc("Where it is.") Status status,
            @Doc("Who has it; absent: nobody.") @Nullable String member,
            @Doc("When it is to be back; absent: it is not lent.") @Nullable LocalDate due,
            @Doc("When it was registered, lent, returned or lost last (UTC).") Instant changedAt) {}

    @Override
    public String name() {
        return "copies";
    }

    @Override
    public Class<CopyRow> row() {
        return CopyRow.class;
    }

    @Override
    public List<Filter> filters() {
        return List.of(Filter.byField("member", "member"));
    }

    @Override
    public CopyRow apply(@Nullable CopyRow row, RecordedEvent<CopyEvent> event) {
        return switch (event.event()) {
            case CopyRegistered registered ->
                new CopyRow(registered.title(), Status.ON_SHELF, null, null, event.time());
            case CopyLent lent -> new CopyRow(row.title(), Status.LENT, lent.member(), lent.due(), event.time());
            case CopyReturned returned -> new CopyRow(row.title(), Status.ON_SHELF, null, null, event.time());
            case CopyLost lost -> new CopyRow(row.title(), Status.LOST, null, null, event.time());
        };
    }
}
