package org.example.library;

import dev.annals.api.Decider;
import dev.annals.api.Decision;
import org.example.library.Copy.Status;
import org.example.library.CopyCommand.LendCopy;
import org.example.library.CopyCommand.RegisterCopy;
import org.example.library.CopyCommand.ReportLost;
import org.example.library.CopyCommand.ReturnCopy;
import org.example.library.CopyEvent.CopyLent;
import org.example.library.CopyEvent.CopyLost;
import org.example.library.CopyEvent.CopyRegistered;
import org.example.library.CopyEvent.CopyReturned;

final class CopyDecider implements Decider<CopyCommand, Copy, CopyEvent> {

    @Override
    public Copy initial() {
        return new Copy(null, null);
    }

    @Override
    public Decision<CopyEvent> decide(CopyCommand command, Copy copy) {
        return switch (command) {
            case RegisterCopy register when copy.status() != null ->
                Decision.reject("copy-already-registered", "there is a copy of this id");
            case RegisterCopy register -> Decision.accept(new CopyRegistered(register.title()));
            case CopyCommand other when copy.status() == null || copy.status() == Status.LOST ->
                Decision.reject("copy-not-found", "there is no such copy, or it is lost");
            case LendCopy lend when copy.status() == Status.LENT ->
                Decision.reject("copy-is-lent", "the copy is lent to " + copy.member());
            case LendCopy lend -> Decision.accept(new CopyLent(lend.member(), lend.due()));
            case ReturnCopy back when copy.member() == null ->
                Decision.reject("copy-is-not-lent", "the copy is on the shelf");
            case ReturnCopy back -> Decision.accept(new CopyReturned(copy.member(), back.damage()));
            case ReportLost lost -> Decision.accept(new CopyLost(copy.member()));
        };
    }

    @Override
    public Copy evolve(Copy copy, CopyEvent event) {
        return switch (event) {
            case CopyRegistered registered -> new Copy(Status.ON_SHELF, null);
            case CopyLent lent -> new Copy(Status.LENT, lent.member());
            case CopyReturned returned -> new Copy(Status.ON_SHELF, null);
            case CopyLost lost -> new Copy(Status.LOST, null);
        };
    }
}
