package org.example.library;

import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.View;
import java.util.List;

/** The books of a library: one aggregate for each copy on the shelves. */
public final class LibraryDomain implements Domain {

    @Override
    public AggregateType<?, ?, ?> aggregate() {
        return AggregateType.named("copies", new CopyDecider())
                .namespace("org.example.library")
                .commands(CopyCommand.class)
                .events(CopyEvent.class)
                .state(Copy.class)
                .createdBy(CopyCommand.RegisterCopy.class)
                .build();
    }

    @Override
    public List<View<?, ?>> views() {
        return List.of(new CopiesView(), new MemberLoansView());
    }
}
