package dev.annals.orders;

import dev.annals.api.RejectionCode;

/** Why a command on an order can be rejected. The codes are published: they are never renamed. */
enum OrderRejection implements RejectionCode<OrderEvent> {
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
    RETURN_EXCEEDS_PURCHASE
}
