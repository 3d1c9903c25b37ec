package dev.annals.orders;

import dev.annals.api.Doc;
import java.math.BigDecimal;

@Doc("View country-sales: what was sold to one country, without cancelled orders.")
public record CountrySalesRow(
        @Doc("The country as the shop writes it; Unspecified for orders without one.")
        String country,

        @Doc("How many orders were not cancelled.") long orders,
        @Doc("How many lines those orders have.") long lines,

        @Doc("Sum of the totals of those orders, whatever their currency; returns do not change it.")
        BigDecimal total) {}
