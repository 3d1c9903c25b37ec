package dev.annals.engine.avro;

/** A record of a type that nobody has a handler for. */
public final class UnknownRecordException extends RuntimeException {

    public UnknownRecordException(String message) {
        super(message);
    }
}
