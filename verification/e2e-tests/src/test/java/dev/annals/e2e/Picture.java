package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that the query service says of some orders and accounts: rows, histories, states of today and of before;
 * and all rows.
 */
record Picture(Map<String, JsonNode> answers) {

    private static final JsonMapper JSON = new JsonMapper();

    static Picture of(Installation annals, List<String> ids) throws Exception {
        Map<String, JsonNode> answers = new LinkedHashMap<>();
        for (String path : paths(ids)) {
            HttpResponse<String> response = annals.get(path);
            assertThat(response.statusCode())
                    .as("%s: %s", path, response.body())
                    .isEqualTo(200);
            answers.put(path, JSON.readTree(response.body()));
        }
        return new Picture(answers);
    }

    private static List<String> paths(List<String> ids) {
        List<String> paths = new ArrayList<>();
        for (String view : List.of("orders", "customer-orders", "country-sales", "accounts")) {
            paths.add("/v1/%s?limit=1000".formatted(view));
        }
        for (String type : List.of("orders", "accounts")) {
            for (String id : ids) {
                for (String question : List.of("", "/events?limit=1000", "/state", "/state?version=1")) {
                    paths.add("/v1/%s/%s%s".formatted(type, id, question));
                }
            }
        }
        return paths;
    }

    /** What a later picture no longer says, or says otherwise. */
    List<String> contradictions(Picture later) {
        List<String> found = new ArrayList<>();
        answers.forEach((path, before) -> found.addAll(Contradictions.of(path, before, later.answers.get(path))));
        return found;
    }
}
