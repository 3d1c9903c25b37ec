package dev.annals.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.operations.ServiceClient;
import java.util.Map;
import picocli.CommandLine.Command;

/**
 * {@code annals views}: every view with its state and lag, what is being built anew, and what to do about one that has
 * stopped.
 */
@Command(
        name = "views",
        description = {
            "Lists the views with their state, and how far they are behind.",
            "Of one that is being built it says how far that is, and of one that has stopped where, why and what to do."
        })
final class ViewsCommand extends QueryCommand {

    @Override
    public void run() {
        print(ServiceClient.path("v1", "views"), Map.of()).path("items").forEach(this::explain);
    }

    private void explain(JsonNode view) {
        explainStop(view.path("name").asText(), view.path("stopped"));
        JsonNode replay = view.path("replay");
        if (replay.isObject()) {
            output.explain("%s: generation %d is %s since %s, %,d records behind; %s"
                    .formatted(
                            view.path("name").asText(),
                            replay.path("generation").asInt(),
                            replay.path("status").asText().replace('-', ' '),
                            replay.path("since").asText(),
                            replay.path("lagRecords").asLong(),
                            view.path("generation").isNumber()
                                    ? "readers have generation " + view.path("generation")
                                    : "readers have none yet"));
            explainStop(view.path("name").asText(), replay.path("stopped"));
        }
    }

    private void explainStop(String name, JsonNode stopped) {
        if (stopped.isObject()) {
            RecordPlace place = new RecordPlace(
                    stopped.path("topic").asText(),
                    stopped.path("partition").asInt(),
                    stopped.path("offset").asLong());
            output.explain("%s has stopped at %s, key %s, since %s: %s"
                    .formatted(
                            name,
                            place,
                            stopped.path("key").asText(),
                            stopped.path("since").asText(),
                            stopped.path("reason").asText()));
            output.explain(
                    "  It tries again by itself. When the cause can't be mended, have it pass over this record:");
            output.explain("  " + target.hint("skip %s %s --reason TEXT".formatted(name, place)));
        }
    }
}
