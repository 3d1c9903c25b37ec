package dev.annals.imports;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What is kept of a sale until its result comes: enough to check the views by. */
record Sale(String orderId, @Nullable String customerId, int lines, BigDecimal total) {}
