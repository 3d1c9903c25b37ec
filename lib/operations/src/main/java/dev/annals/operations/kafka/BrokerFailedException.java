package dev.annals.operations.kafka;

import dev.annals.operations.OperationFailedException;

/** A broker has not answered in time, or has refused: nothing is wrong with what was asked for. */
public final class BrokerFailedException extends OperationFailedException {

    private static final long serialVersionUID = 1;

    BrokerFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
