package org.example.library;

import dev.annals.api.Doc;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** What can happen to a copy. */
public sealed interface CopyEvent {

    @Doc("Event: a new copy went to the shelf.")
    record CopyRegistered(@Doc("Title of the book.") String title) implements CopyEvent {}

    @Doc("Event: the copy was lent.")
    record CopyLent(
            @Doc("Who took it.") String member,
            @Doc("When it is to be back.") LocalDate due) implements CopyEvent {}

    @Doc("Event: the copy came back.")
    record CopyReturned(
            @Doc("Who had it.") String member,
            @Doc("What was found wrong; absent: nothing.") @Nullable String damage) implements CopyEvent {}

    @Doc("Event: the copy was lost.")
    record CopyLost(@Doc("Who had it; absent: it was on the shelf.") @Nullable String member) implements CopyEvent {}
}
