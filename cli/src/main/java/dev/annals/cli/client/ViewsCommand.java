package dev.annals.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.core.notes.RecordPlace;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code annals views}: every view with its state and lag, and what to do about one that has stopped. */
@Command(
        name = "views",
        mixinStandardHelpOptions = true,
        description = {
            "List the views with their state and how far they are behind; of one that has stopped also where, why and what to do"
        })
public final class ViewsCommand implements Callable<Integer> {

    @Mixin
    private QueryAddress queries = new QueryAddress();

    @Mixin
    private JsonOutput output = new JsonOutput();

    @Override
    public Integer call() {
        JsonNode views = queries.client().get(ServiceClient.path("v1", "views"));
        output.print(views);
        views.path("items").forEach(this::explainStop);
        return 0;
    }

    private void explainStop(JsonNode view) {
        JsonNode stopped = view.path("stopped");
        if (stopped.isObject()) {
            String name = view.path("name").asText();
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
            output.explain("  annals skip %s %s --reason TEXT".formatted(name, place));
        }
    }
}
