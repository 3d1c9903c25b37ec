package dev.annals.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.imports.IdentityBooks.About;
import dev.annals.imports.ImportReport.Verdict;
import dev.annals.operations.ServiceClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the view says of the identities of flights. It is right if every real flight of the input has exactly one id of
 * ours: all its messages found the same, and those of no other flight did.
 */
final class IdentityTotals {

    private IdentityTotals() {}

    static Verdict verdict(ServiceClient queries, IdentityBooks books) {
        return RowTotals.verdict(() -> read(queries, books));
    }

    static RowTotals read(ServiceClient queries, IdentityBooks books) {
        Reading reading = new Reading(books);
        queries.forEachRow("flight-identities", reading::add);
        return reading.totals();
    }

    private static final class Reading {

        private final IdentityBooks books;
        private final Map<String, Long> figures = new LinkedHashMap<>();
        private final List<String> behind = new ArrayList<>();
        private final List<String> wrong = new ArrayList<>();
        private final Map<Long, String> gufis = new HashMap<>();
        private final Map<String, Long> flights = new HashMap<>();
        private long found;

        Reading(IdentityBooks books) {
            this.books = books;
            Stream.of("callsigns", "flights", "aliases", "codeshares").forEach(name -> figures.put(name, 0L));
        }

        void add(JsonNode row) {
            count("callsigns", 1);
            for (JsonNode flight : row.path("flights")) {
                count("flights", 1);
                count("aliases", flight.path("aliases").size());
                count("codeshares", flight.path("codeshares").size());
            }
            List<About> messages = books.of(row.path("id").asText());
            found += messages.isEmpty() ? 0 : 1;
            messages.forEach(message -> compare(row, message));
        }

        private void count(String name, long more) {
            figures.merge(name, more, Long::sum);
        }

        /** A flight that has left the row, since there were so many later ones, says nothing. */
        private void compare(JsonNode row, About message) {
            String gufi = gufi(row, message.told());
            if (gufi == null) {
                JsonNode since = row.path("knownSince");
                if (!since.isTextual() || !message.told().at().isBefore(Instant.parse(since.textValue()))) {
                    behind.add("callsign %s has no %s"
                            .formatted(
                                    row.path("id").asText(),
                                    message.told().identify().externalId()));
                }
                return;
            }
            String other = gufis.putIfAbsent(message.flight(), gufi);
            if (other != null && !other.equals(gufi)) {
                wrong.add("one flight is both %s and %s".formatted(other, gufi));
            }
            Long another = flights.putIfAbsent(gufi, message.flight());
            if (another != null && another != message.flight()) {
                wrong.add("two flights are %s".formatted(gufi));
            }
        }

        /** Of the flight that is called so at that time. */
        private static @Nullable String gufi(JsonNode row, Told told) {
            for (JsonNode flight : row.path("flights")) {
                for (JsonNode alias : flight.path("aliases")) {
                    if (alias.path("channel").asText().equals(told.identify().channel())
                            && alias.path("externalId")
                                    .asText()
                                    .equals(told.identify().externalId())
                            && !told.at()
                                    .isBefore(Instant.parse(alias.path("from").asText()))
                            && !told.at().isAfter(Instant.parse(alias.path("to").asText()))) {
                        return flight.path("gufi").asText();
                    }
                }
            }
            return null;
        }

        RowTotals totals() {
            if (found < books.messages().size()) {
                behind.add(
                        "%,d callsigns are not there".formatted(books.messages().size() - found));
            }
            boolean same =
                    behind.isEmpty() && wrong.isEmpty() && figures.getOrDefault("flights", 0L) == books.flights();
            return new RowTotals(figures, behind, wrong, same);
        }
    }
}
