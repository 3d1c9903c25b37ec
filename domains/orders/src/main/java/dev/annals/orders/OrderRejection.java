package dev.annals.orders;

import dev.annals.api.Decision;
import java.util.Locale;

/** Why a command on an order can be rejected. The codes are published: they are never renamed. */
enum OrderRejection {
    ORDER_ALREADY_EXISTS,
    ORDER_NOT_FOUND,
    NO_LINES,
    INVALID_QUANTITY,
    INVALID_PRICE,
    PAYMENT_AMOUNT_MISMATCH,
    ORDER_NOT_PAYABLE,
    ORDER_NOT_PAID,
    ORDER_ALREADY_SHIPPED,
    ORDER_CANCELLED,
    RETURN_EXCEEDS_PURCHASE;

    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Decision<OrderEvent> because(String message) {
        return Decision.reject(code(), message);
    }
}
