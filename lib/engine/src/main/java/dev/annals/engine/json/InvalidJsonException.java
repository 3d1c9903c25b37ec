package dev.annals.engine.json;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A document is no JSON, or does not fit its schema. The message lists the errors, one a line. */
public final class InvalidJsonException extends RuntimeException {

    private final transient List<FieldError> errors;

    InvalidJsonException(List<FieldError> errors, @Nullable Throwable cause) {
        super(errors.stream().map(FieldError::message).collect(Collectors.joining("\n")), cause);
        this.errors = List.copyOf(errors);
    }

    /** At least one, at most {@link JsonToAvro#MAX_ERRORS}, in the order of the schema's fields. */
    public List<FieldError> errors() {
        return errors;
    }
}
