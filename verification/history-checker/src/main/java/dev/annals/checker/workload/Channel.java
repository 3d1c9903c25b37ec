package dev.annals.checker.workload;

import dev.annals.checker.history.Call;

/** A way to send a command and to wait for its answer, within a limit. Thread-safe. */
interface Channel {

    Call send(Request request) throws InterruptedException;
}
