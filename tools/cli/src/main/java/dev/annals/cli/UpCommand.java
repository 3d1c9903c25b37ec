package dev.annals.cli;

import dev.annals.cli.client.Target;
import dev.annals.cli.client.Terminal;
import dev.annals.quickstart.Ports;
import dev.annals.quickstart.Progress;
import dev.annals.quickstart.Quickstart;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts broker, schema registry and services on this machine, and waits until they are ready.",
            "Starts only what does not run: harmless when everything runs, and the way to start one process again. "
                    + "Where it fails, it ends what it has started."
        })
final class UpCommand implements Callable<Integer> {
    @Mixin
    private final Target target = new Target();

    @Mixin
    private final PortOptions portOptions = new PortOptions();

    @Option(
            names = "--kafka-only",
            description =
                    "Only the broker and the schema registry, for instance to restore a backup before the services start")
    private boolean kafkaOnly;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Ports recorded =
                Quickstart.existing(target.folder()).map(Quickstart::ports).orElse(Ports.DEFAULT);
        Ports ports = portOptions.over(recorded);
        Quickstart quickstart = Quickstart.in(target.folder(), ports);
        Progress progress = json.wanted ? UpProgress.silent() : UpProgress.on(out, Terminal.isInteractive());
        List<String> missing = List.of();
        if (kafkaOnly) {
            quickstart.upKafka(progress);
        } else {
            quickstart.up(progress);
            missing = FirstRows.of(ports).await(progress);
        }
        if (json.wanted) {
            JsonOption.print(out, quickstart.status());
        } else if (!kafkaOnly) {
            out.print(welcome(ports));
            missing.forEach(out::println);
            out.flush();
        }
        return 0;
    }

    private String welcome(Ports ports) {
        return """

                Commands  http://127.0.0.1:%1$d    Queries  http://127.0.0.1:%2$d
                Kafka     127.0.0.1:%3$d           Schemas  http://127.0.0.1:%4$d/apis/ccompat/v7

                Try
                  ./%5$s
                  curl -i http://127.0.0.1:%1$d/v1/accounts/ada/OpenAccount -H 'Content-Type: application/json' -d '{"owner":"Ada","currency":"EUR"}'
                  curl http://127.0.0.1:%2$d/v1/accounts/ada

                """.formatted(
                        ports.commands(),
                        ports.queries(),
                        ports.broker(),
                        ports.registry(),
                        target.hint("import online-retail"));
    }
}
