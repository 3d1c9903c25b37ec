package dev.annals.service;

import java.util.List;
import java.util.stream.Stream;

/** Whether a service can do its work now. Called for each probe, by several threads, so it must be quick. */
@FunctionalInterface
public interface Readiness {

    /** Why not, one reason an entry; empty when ready. */
    List<String> reasonsAgainst();

    static Readiness all(Readiness... parts) {
        return () ->
                Stream.of(parts).flatMap(part -> part.reasonsAgainst().stream()).toList();
    }
}
