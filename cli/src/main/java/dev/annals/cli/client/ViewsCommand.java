package dev.annals.cli.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code annals views}: every view with its state and lag. */
@Command(
        name = "views",
        mixinStandardHelpOptions = true,
        description = "List the views with their state and how far they are behind")
public final class ViewsCommand implements Callable<Integer> {

    @Mixin
    private QueryAddress queries = new QueryAddress();

    @Mixin
    private JsonOutput output = new JsonOutput();

    @Override
    public Integer call() {
        output.print(queries.client().get(ServiceClient.path("v1", "views")));
        return 0;
    }
}
