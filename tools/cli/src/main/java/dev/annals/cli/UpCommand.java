package dev.annals.cli;

import dev.annals.quickstart.Ports;
import dev.annals.quickstart.Quickstart;
import dev.annals.quickstart.StartListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        sortOptions = false,
        description = {
            "Starts broker, schema registry and services on this machine, and waits until they are ready.",
            "Starts only what does not run: harmless when everything runs, and the way to start one process again. "
                    + "Where it fails, it ends what it has started.",
            "Jars in the folder `domains` of the data are further domains: put one there and start again."
        })
final class UpCommand extends Action implements Runnable {
    @Mixin
    private final Target target = new Target();

    @Mixin
    private final PortOptions portOptions = new PortOptions();

    @Option(
            names = "--kafka-only",
            order = Action.SERVICE,
            description =
                    "Only the broker and the schema registry, for instance to restore a backup before the services start")
    private boolean kafkaOnly;

    @Override
    public void run() {
        Ports recorded =
                Quickstart.existing(target.folder()).map(Quickstart::ports).orElse(Ports.DEFAULT);
        Ports ports = portOptions.over(recorded);
        Quickstart quickstart = Quickstart.in(target.folder(), ports);
        StartListener listener = new Shown();
        List<String> missing = List.of();
        if (kafkaOnly) {
            quickstart.upKafka(listener);
        } else {
            quickstart.up(listener);
            missing = FirstRows.of(ports).await(listener);
        }
        List<String> lines =
                new ArrayList<>(kafkaOnly ? List.of() : welcome(ports).lines().toList());
        lines.addAll(missing);
        output.print(output.isJson() ? quickstart.status() : null, lines);
    }

    /** A line for each process that is ready and, on a terminal, one that says what is waited for. */
    private final class Shown implements StartListener {

        private static final String CLEAR_LINE = "\r\033[K";

        @Override
        public void ready(String title, Duration sinceStart) {
            show(String.format(
                    Locale.ROOT,
                    "%s%-18s ready after %.1f s%n",
                    Output.isTerminal() ? CLEAR_LINE : "",
                    title,
                    sinceStart.toMillis() / 1000.0));
        }

        @Override
        public void waiting(List<String> titles, Duration sinceStart) {
            if (Output.isTerminal()) {
                show(String.format(
                        Locale.ROOT,
                        "%s%.0f s, waiting for %s",
                        CLEAR_LINE,
                        sinceStart.toMillis() / 1000.0,
                        String.join(", ", titles)));
            }
        }

        private void show(String text) {
            if (!output.isJson()) {
                output.out().print(text);
                output.out().flush();
            }
        }
    }

    private String welcome(Ports ports) {
        return """

                Console   http://127.0.0.1:%6$d    in a browser: what runs, and the life of each aggregate
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
                        target.hint("import online-retail"),
                        ports.console());
    }
}
