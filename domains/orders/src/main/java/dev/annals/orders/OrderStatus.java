package dev.annals.orders;

import dev.annals.api.Doc;

@Doc("How far an order has got.")
public enum OrderStatus {
    PLACED,
    PAID,
    SHIPPED,
    DELIVERED,
    CANCELLED
}
