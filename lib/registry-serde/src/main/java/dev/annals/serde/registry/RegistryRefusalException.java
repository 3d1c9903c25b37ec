package dev.annals.serde.registry;

/**
 * The registry answered, and the answer is final: it doesn't know the subject, version or id, doesn't accept the
 * schema, or holds one that isn't Avro. The same call would fail again.
 */
public final class RegistryRefusalException extends RegistryException {

    /** {@link #errorCode()} of a refusal that the registry itself did not number. */
    public static final int NO_CODE = 0;

    static final int SUBJECT_NOT_FOUND = 40401;
    static final int SCHEMA_NOT_FOUND = 40403;
    static final int INCOMPATIBLE = 409;

    private final int errorCode;

    public RegistryRefusalException(String message, int errorCode) {
        super(message, null);
        this.errorCode = errorCode;
    }

    RegistryRefusalException(String message, Throwable cause) {
        super(message, cause);
        this.errorCode = NO_CODE;
    }

    /**
     * The registry's own code, for instance 40401 (subject unknown), 40403 (schema unknown), 409 (incompatible), 42201
     * (invalid schema); {@link #NO_CODE} if there is none.
     */
    public int errorCode() {
        return errorCode;
    }

    public boolean isNotFound() {
        return errorCode / 100 == 404;
    }
}
