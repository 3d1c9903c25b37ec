package dev.annals.imports;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.imports.HotelBookings.Hotel;
import dev.annals.imports.HotelBookings.Kind;
import dev.annals.imports.HotelBookings.Stay;
import dev.annals.imports.HotelBookings.Step;
import dev.annals.imports.OnlineRetail.Sale;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BookkeepingTest {

    private final Tally tally = new Tally();
    private final SalesBooks books = new SalesBooks();

    @Test
    void results_are_counted_by_outcome_code_and_novelty() {
        tally.add(result(Outcome.ACCEPTED, null, false));
        tally.add(result(Outcome.ACCEPTED, null, true));
        tally.add(result(Outcome.REJECTED, "invalid-quantity", false));
        tally.add(result(Outcome.REJECTED, "invalid-quantity", true));
        tally.add(result(Outcome.FAILED, "unreadable", false));

        assertThat(tally.results).isEqualTo(5);
        assertThat(tally.accepted).isEqualTo(2);
        assertThat(tally.newlyAccepted).isEqualTo(1);
        assertThat(tally.replayed).isEqualTo(2);
        assertThat(tally.rejected).containsOnly(entry("invalid-quantity", 2L));
        assertThat(tally.failed).containsOnly(entry("unreadable", 1L));
    }

    @Test
    void the_views_are_expected_to_grow_by_what_is_newly_accepted_only() {
        books.accept(sale("1", "c"), result(Outcome.ACCEPTED, null, false));
        books.accept(sale("2", null), result(Outcome.ACCEPTED, null, true));
        books.accept(sale("3", "c"), result(Outcome.REJECTED, "no-lines", false));

        assertThat(books.accepted).isEqualTo(new Sums(2, 4, new BigDecimal("25")));
        assertThat(books.newlyAccepted).isEqualTo(new Sums(1, 2, new BigDecimal("12.5")));
        assertThat(books.withCustomer).isEqualTo(1);
        assertThat(books.newlyWithCustomer).isEqualTo(1);
        assertThat(books.samples).extracting(it -> it.sale().orderId()).containsExactly("1", "2");
    }

    @Test
    void the_samples_do_not_grow_with_the_input() {
        for (int i = 0; i < 10 * SalesBooks.MAX_SAMPLES; i++) {
            books.accept(sale("" + i, "c"), result(Outcome.ACCEPTED, null, false));
        }

        assertThat(books.samples).hasSize(SalesBooks.MAX_SAMPLES).doesNotHaveDuplicates();
        assertThat(books.samples)
                .filteredOn(it -> Integer.parseInt(it.sale().orderId()) >= 5 * SalesBooks.MAX_SAMPLES)
                .hasSizeBetween(SalesBooks.MAX_SAMPLES / 4, SalesBooks.MAX_SAMPLES * 3 / 4);
    }

    @Test
    void what_became_of_each_row_is_counted_by_hotel() {
        BookingCounts bookings = new BookingCounts();
        Stay city = new Stay(Hotel.CITY, LocalDate.EPOCH);
        Stay resort = new Stay(Hotel.RESORT, LocalDate.EPOCH);

        bookings.accept(step(Kind.OPEN, city), result(Outcome.ACCEPTED, null, false));
        bookings.accept(step(Kind.RESERVE, city), result(Outcome.ACCEPTED, null, true));
        bookings.accept(step(Kind.RESERVE, city), result(Outcome.ACCEPTED, null, false));
        bookings.accept(step(Kind.CANCEL, city), result(Outcome.ACCEPTED, null, false));
        bookings.accept(step(Kind.RESERVE, resort), result(Outcome.REJECTED, "not-enough-seats", false));
        bookings.accept(step(Kind.CANCEL, resort), result(Outcome.REJECTED, "reservation-not-found", false));

        assertThat(bookings.counts())
                .containsOnly(
                        entry("cityAccepted", 2L),
                        entry("cityCancelled", 1L),
                        entry("resortRefused", 1L),
                        entry("resortNotCancelled", 1L));
    }

    private static Step step(Kind kind, Stay stay) {
        return new Step(kind, LocalDate.EPOCH, stay, 1);
    }

    private static Sale sale(String id, @Nullable String customer) {
        return new Sale(id, customer, 2, new BigDecimal("12.5000"));
    }

    private static CommandResult result(Outcome outcome, @Nullable String code, boolean replayed) {
        return new CommandResult(
                "id", "PlaceOrder", "orders", "1", outcome, 1, List.of(), code, code, replayed, Instant.EPOCH, null);
    }
}
