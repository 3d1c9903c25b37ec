package dev.annals.service.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.spi.LoggingEventBuilder;

/** The lines of the services, by their own {@code logback.xml}. */
class LogLinesTest {

    private static final String HOSTILE = "a\nlevel=ERROR b\r\"c\\d\u001b[2Je\u2028f\u202eg";
    private static final String ESCAPED = "a\\nlevel=ERROR b\\r\\\"c\\\\d\\u001b[2Je\\u2028f\\u202eg";

    private final LoggerContext logging = new LoggerContext();
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    @BeforeEach
    void configure() throws JoranException {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(logging);
        configurator.doConfigure(Objects.requireNonNull(getClass().getResource("/logback.xml")));
        events.start();
        logging.getLogger("ROOT").addAppender(events);
    }

    @AfterEach
    void stop() {
        logging.stop();
    }

    private LoggingEventBuilder warning() {
        return logging.getLogger("dev.annals.Test").atWarn();
    }

    private String line() {
        var appender = (OutputStreamAppender<ILoggingEvent>)
                Objects.requireNonNull(logging.getLogger("ROOT").getAppender("stdout"));
        return new String(appender.getEncoder().encode(events.list.getFirst()), StandardCharsets.UTF_8);
    }

    private void assertOneLine(String line) {
        assertThat(line).endsWith("\n");
        assertThat(line.strip().chars())
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT)
                .doesNotContain((int) '\u2028');
    }

    @Test
    void a_value_stays_between_its_quotes() {
        warning().addKeyValue("key", HOSTILE).addKeyValue("more", 1).log("said");

        assertThat(line()).contains("message=\"said\" key=\"" + ESCAPED + "\" more=\"1\"");
        assertOneLine(line());
    }

    @Test
    void a_message_stays_between_its_quotes() {
        warning().log("said {}", "\"\u001b x=\"");

        assertThat(line()).contains("message=\"said \\\"\\u001b x=\\\"\"");
        assertOneLine(line());
    }

    @Test
    void the_message_of_an_exception_stays_on_the_line() {
        warning().setCause(new IllegalStateException(HOSTILE)).log("failed");

        assertThat(line())
                .contains("exception=\"java.lang.IllegalStateException: a | level=ERROR b | \\\"c\\\\d\\u001b[2Je");
        assertThat(line().strip()).endsWith("\"");
        assertOneLine(line());
    }

    @Test
    void what_needs_no_escape_is_written_as_it_is() {
        warning().addKeyValue("key", "Grüße, 12 € | \uD83D\uDE00").log("it's");

        assertThat(line()).contains("message=\"it's\" key=\"Grüße, 12 € | \uD83D\uDE00\"");
    }
}
