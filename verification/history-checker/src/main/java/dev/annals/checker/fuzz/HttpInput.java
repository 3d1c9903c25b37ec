package dev.annals.checker.fuzz;

/**
 * One input to a service, as the bytes that are written to its socket.
 *
 * @param number of the input, see {@link HttpInputs}
 * @param kind for people
 * @param head whether an answer has no body (the method is HEAD)
 * @param waits whether it asks to wait for a version, so that a 504 is an answer
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpInput(long number, Target target, String kind, byte[] bytes, Manner manner, boolean head, boolean waits) {

    /** How it is sent, and what has to come. */
    enum Manner {
        /** A request as HTTP/1.1 has it, on a connection that is kept; it has one answer. */
        REQUEST,
        /** On a connection of its own, of which the client's side is closed behind it; any number of answers. */
        BROKEN,
        /** On a connection of its own, which is given up at once. */
        GIVEN_UP,
        /** Likewise, with a reset. */
        RESET
    }

    @Override
    public String toString() {
        return "http:%d (%s, %s, %s) %s".formatted(number, target, kind, manner, Escaped.of(bytes));
    }
}
