package dev.annals.orders;

/**
 * Pieces of one article that come back.
 *
 * @param sku as on the order's lines
 * @param quantity pieces
 */
public record ReturnedLine(String sku, int quantity) {}
