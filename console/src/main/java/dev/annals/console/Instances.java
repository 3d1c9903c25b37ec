package dev.annals.console;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The instances of a service, of which the one that answered last is asked first. Thread-safe. */
final class Instances {

    private final List<URI> all;
    private final AtomicReference<URI> last;

    Instances(List<URI> all) {
        this.all = List.copyOf(all);
        this.last = new AtomicReference<>(all.getFirst());
    }

    /** In the order of the settings. */
    List<URI> all() {
        return all;
    }

    /** In the order in which they are to be asked. */
    List<URI> inTurn() {
        List<URI> turn = new ArrayList<>(all);
        Collections.rotate(turn, -all.indexOf(last.get()));
        return turn;
    }

    void answered(URI instance) {
        last.set(instance);
    }
}
