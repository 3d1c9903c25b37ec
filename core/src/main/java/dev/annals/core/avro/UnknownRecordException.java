package dev.annals.core.avro;

/** A record of a type that nobody has a handler for. */
public final class UnknownRecordException extends RuntimeException {

    public UnknownRecordException(String message) {
        super(message);
    }
}
