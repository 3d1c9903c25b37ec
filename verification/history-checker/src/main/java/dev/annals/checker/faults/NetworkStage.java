package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import dev.annals.checker.faults.FaultScenario.Stage;
import dev.annals.checker.network.Network;

/** A stage on which each process is a host of a {@link Network}; the clients are this JVM, which is another. */
abstract class NetworkStage implements Stage {

    private final Network network;
    private final Layout layout;

    /** @param layout of which nothing is placed yet */
    NetworkStage(Layout layout) {
        this.network = new Network(layout.names());
        Layout placed = layout;
        for (String name : layout.names()) {
            placed = placed.placing(name, layout.placement(name).at(network.address(name), network.launcher(name)));
        }
        this.layout = placed;
    }

    final Network network() {
        return network;
    }

    @Override
    public final Layout layout() {
        return layout;
    }

    /** Nothing gets from one to the other, either way. */
    final void separate(String one, String other) {
        network.cut(one, other);
        network.cut(other, one);
    }

    @Override
    public void close() {
        network.close();
    }
}
