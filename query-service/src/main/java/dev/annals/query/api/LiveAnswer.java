package dev.annals.query.api;

import java.io.IOException;

/** What is sent to one reader of something live. Its text says what it is, for logs. */
interface LiveAnswer {

    /**
     * Sends until there is a reason to end.
     *
     * @throws IOException if the client does not take it
     * @throws RuntimeException if it fails; before something was sent, this is the answer
     */
    LiveEnd send(EventStream out) throws IOException, InterruptedException;
}
