package dev.annals.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.benchmarks.load.Summary.Median;
import dev.annals.benchmarks.load.Summary.Ratio;
import dev.annals.benchmarks.load.Summary.Row;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private static final Population ACCOUNTS = new Population(0, 10, 1);
    private static final Population MORE = new Population(10, 2_000, 1);
    private static final Scenario TOPICS = Scenario.topics(ACCOUNTS, 1_000);

    private static Row row(int round, Scenario scenario, Program program, double perSecond, double p50) {
        return new Row(round, scenario, program, new Figures(perSecond, p50, 20, 30, 40, 100), Map.of());
    }

    @Test
    void the_median_of_each_figure_is_its_own() {
        Summary summary = new Summary(List.of(
                row(1, TOPICS, Program.FLOOR, 10, 3),
                row(2, TOPICS, Program.FLOOR, 30, 1),
                row(3, TOPICS, Program.FLOOR, 20, 9)));

        assertThat(summary.medians())
                .containsExactly(new Median(TOPICS, Program.FLOOR, new Figures(20, 3, 20, 30, 40, 300)));
    }

    @Test
    void two_rounds_have_the_mean_as_their_median() {
        Summary summary =
                new Summary(List.of(row(1, TOPICS, Program.FLOOR, 10, 3), row(2, TOPICS, Program.FLOOR, 30, 1)));

        assertThat(summary.medians().getFirst().figures().perSecond()).isEqualTo(20);
    }

    @Test
    void the_service_is_compared_with_the_floor_in_the_same_scenario() {
        Summary summary = new Summary(List.of(
                row(1, TOPICS, Program.FLOOR, 100, 4),
                row(1, TOPICS, Program.SERVICE, 60, 10),
                row(1, Scenario.topics(ACCOUNTS, 1), Program.SERVICE, 1, 1)));

        assertThat(summary.ratios())
                .containsExactly(
                        new Ratio("topics 1,000 in flight: commands/s, service / floor", 0.6),
                        new Ratio("topics 1,000 in flight: p50, service / floor", 2.5));
    }

    @Test
    void everything_on_is_compared_with_the_plain_service() {
        Summary summary = new Summary(List.of(
                row(1, TOPICS, Program.FLOOR, 100, 4),
                row(1, TOPICS, Program.SERVICE, 50, 8),
                row(1, TOPICS, Program.SECURED, 40, 12)));

        assertThat(summary.ratios())
                .contains(
                        new Ratio("topics 1,000 in flight: commands/s, secured / service", 0.8),
                        new Ratio("topics 1,000 in flight: p50, secured / service", 1.5))
                .hasSize(4);
    }

    @Test
    void other_accounts_are_compared_with_the_first_ones_under_the_same_load() {
        Summary summary = new Summary(List.of(
                row(1, TOPICS, Program.SERVICE, 80, 1),
                row(1, Scenario.topics(ACCOUNTS, 1), Program.SERVICE, 10, 1),
                row(1, Scenario.topics(MORE, 1_000), Program.SERVICE, 60, 1)));

        assertThat(summary.ratios())
                .containsExactly(new Ratio(
                        "topics 1,000 in flight: commands/s of the service,"
                                + " 2,000 account(s), 1 event(s) each / 10 account(s), 1 event(s) each",
                        0.75));
    }

    @Test
    void http_is_compared_with_topics_where_each_is_fastest() {
        Summary summary = new Summary(List.of(
                row(1, TOPICS, Program.SERVICE, 60, 1),
                row(1, Scenario.topics(ACCOUNTS, 1), Program.SERVICE, 1, 1),
                row(1, Scenario.http(ACCOUNTS, 1), Program.SERVICE, 1, 1),
                row(1, Scenario.http(ACCOUNTS, 64), Program.SERVICE, 30, 1)));

        assertThat(summary.ratios())
                .containsExactly(
                        new Ratio("commands/s of the service, http 64 connections / topics 1,000 in flight", 0.5));
    }
}
