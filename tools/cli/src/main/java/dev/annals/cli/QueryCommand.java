package dev.annals.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.operations.ServiceClient;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Mixin;

/** A command that prints an answer of the query service. */
abstract class QueryCommand extends Action implements Runnable {

    @Mixin
    final Target target = new Target();

    @Mixin
    private final QueryAddress queries = new QueryAddress();

    /** @param wait how long the parameters ask the service to wait */
    JsonNode print(String path, Map<String, String> parameters, Duration wait) {
        JsonNode answer = queries.client(target).get(ServiceClient.query(path, parameters), wait);
        output.answer(answer);
        return answer;
    }

    JsonNode print(String path, Map<String, String> parameters) {
        return print(path, parameters, Duration.ZERO);
    }
}
