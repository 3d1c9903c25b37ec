package org.example.library;

import dev.annals.api.Doc;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** What can be asked of a copy. */
public sealed interface CopyCommand {

    @Doc("Command: a new copy goes to the shelf.")
    record RegisterCopy(@Doc("Title of the book.") String title) implements CopyCommand {}

    @Doc("Command: lend the copy to a member.")
    record LendCopy(
            @Doc("Who takes it.") String member,
            @Doc("When it is to be back.") LocalDate due) implements CopyCommand {}

    @Doc("Command: the copy is back.")
    record ReturnCopy(@Doc("What was found wrong; absent: nothing.") @Nullable String damage) implements CopyCommand {}

    @Doc("Command: nobody knows where the copy is.")
    record ReportLost() implements CopyCommand {}
}
