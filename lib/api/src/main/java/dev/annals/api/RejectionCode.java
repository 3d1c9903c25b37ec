package dev.annals.api;

import java.util.Locale;

/**
 * The reasons for which the commands of a type can be rejected, as constants of an enum: {@code ORDER_NOT_FOUND} has
 * the code {@code order-not-found}. Codes are published, so a constant is never renamed.
 *
 * @param <E> the events of the aggregate
 */
public interface RejectionCode<E> {

    /** That of the constant. */
    String name();

    /** In kebab case, for machines. */
    default String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @param message for people: what the rule is and what was found */
    default Decision<E> because(String message) {
        return Decision.reject(code(), message);
    }
}
