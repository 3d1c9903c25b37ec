package dev.annals.orders;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts of pieces by sku. Long, since the int quantities of many lines add up. */
final class Pieces {

    private Pieces() {}

    static Map<String, Long> bought(List<OrderLine> lines) {
        Map<String, Long> pieces = new HashMap<>();
        lines.forEach(line -> pieces.merge(line.sku(), (long) line.quantity(), Long::sum));
        return pieces;
    }

    static Map<String, Long> plus(Map<String, Long> returned, List<ReturnedLine> lines) {
        Map<String, Long> pieces = new HashMap<>(returned);
        lines.forEach(line -> pieces.merge(line.sku(), (long) line.quantity(), Long::sum));
        return pieces;
    }

    /** The first sku, in their order, of which more pieces came back than were bought. */
    static Optional<String> exceeding(Map<String, Long> returned, Map<String, Long> bought) {
        return returned.keySet().stream()
                .filter(sku -> returned.getOrDefault(sku, 0L) > bought.getOrDefault(sku, 0L))
                .min(String::compareTo);
    }
}
