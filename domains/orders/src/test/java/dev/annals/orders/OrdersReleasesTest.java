package dev.annals.orders;

import dev.annals.testkit.ReleasedEvents;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What was written by a release is read as today's events, for ever. */
class OrdersReleasesTest {

    @TestFactory
    Stream<DynamicTest> reads_the_events_of_every_release() {
        return ReleasedEvents.of(new OrdersDomain().aggregate(), Path.of("src/test/resources/released"))
                .tests();
    }
}
