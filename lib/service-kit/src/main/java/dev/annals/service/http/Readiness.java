package dev.annals.service.http;

import java.util.List;

/** Whether a service can do its work now. Called for each probe, by several threads, so it must be quick. */
@FunctionalInterface
public interface Readiness {

    /** Why not, one reason an entry; empty when ready. */
    List<String> reasonsAgainst();
}
