package dev.annals.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class SelectorTest {

    @Test
    void every_metric_of_an_expression_is_found_and_nothing_else() {
        String expression = """
                sum by (topic, up) (rate(a_total{topic=~".+[.](x|y)", service="s"}[5m])) - (b offset 10m or vector(0))
                  / sum without (instance) (c{}) > 1e3 unless d == 0""";

        assertThat(Selector.in(expression)).extracting(Selector::name).containsExactly("a_total", "b", "c", "d");
    }

    @Test
    void labels_decide_whether_a_sample_is_asked_for() {
        Selector selector = Selector.in("a{topic=~\".+[.]events\", status!=\"200\", service=\"query\"}")
                .getFirst();

        assertThat(selector.matches(sample("orders.events", "500", "query"))).isTrue();
        assertThat(selector.matches(sample("orders.events", "200", "query"))).isFalse();
        assertThat(selector.matches(sample("orders.results", "500", "query"))).isFalse();
        assertThat(selector.matches(sample("orders.events", "500", "command"))).isFalse();
    }

    private static Sample sample(String topic, String status, String service) {
        return Sample.in(
                        "# TYPE a counter\na{topic=\"%s\",status=\"%s\"} 1.0".formatted(topic, status),
                        Map.of("service", service))
                .getFirst();
    }
}
