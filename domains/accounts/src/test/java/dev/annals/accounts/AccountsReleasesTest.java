package dev.annals.accounts;

import dev.annals.testkit.ReleasedEvents;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What was written by a release is read as today's events, for ever. */
class AccountsReleasesTest {

    @TestFactory
    Stream<DynamicTest> reads_the_events_of_every_release() {
        return ReleasedEvents.of(new AccountsDomain().aggregate(), Path.of("src/test/resources/released"))
                .tests();
    }
}
