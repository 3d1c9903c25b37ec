package dev.annals.orders;

import dev.annals.api.Doc;

@Doc("Pieces of one article that come back.")
public record ReturnedLine(
        @Doc("The article code, as on the order's lines.") String sku,
        @Doc("Pieces; at least 1.") int quantity) {}
