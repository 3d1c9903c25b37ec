package dev.annals.orders;

import java.math.BigDecimal;

/** A row of the view {@code country-sales}; the fields are described in {@code /avro/views/CountrySalesRow.avsc}. */
public record CountrySalesRow(String country, long orders, long lines, BigDecimal total) {}
