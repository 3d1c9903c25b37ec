package dev.annals.checker.answers;

import dev.annals.checker.cluster.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.utils.Utils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. Exit code 0 without a finding, 1 with one, 2 when the arguments are wrong. */
@Command(
        name = "answers",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Clients write, and check every answer of the query services against what they wrote.")
public final class AnswersMain implements Callable<Integer> {

    private static final int FOUND = 1;
    private static final int MAX_SEED = 1_000_000_000;

    @Option(names = "--seed", description = "Of what is written and asked. Default: a random one.")
    private long seed = ThreadLocalRandom.current().nextInt(MAX_SEED);

    @Option(names = "--pairs", description = "Writes that are read back. Default: ${DEFAULT-VALUE}.")
    private int pairs = 10_000;

    @Option(names = "--minutes", description = "At most; what is done by then is reported. Default: ${DEFAULT-VALUE}.")
    private double minutes = 30;

    @Option(names = "--clients", description = "Each with one request in flight. Default: ${DEFAULT-VALUE}.")
    private int clients = 8;

    @Option(names = "--queries", description = "Query services. Default: ${DEFAULT-VALUE}.")
    private int queries = 3;

    @Option(names = "--projectors", description = "Default: ${DEFAULT-VALUE}.")
    private int projectors = 2;

    @Option(names = "--kill", description = "Kill each query service and projector once, instead of counting pairs.")
    private boolean kill;

    @Option(
            names = "--take-over",
            description =
                    "Kill or pause each while a new generation of the view takes over, instead of counting pairs.")
    private boolean takeOver;

    public static void main(String[] args) {
        System.exit(new CommandLine(new AnswersMain()).execute(args));
    }

    @Override
    public Integer call() throws IOException, TimeoutException {
        Path folder = Files.createTempDirectory("annals-checker-");
        System.out.printf("seed %d, data in %s%n", seed, folder);
        AnswersCheck.Outcome outcome;
        try (Installation installation = Installation.start(folder, projectors, queries)) {
            AnswersCheck check = new AnswersCheck(installation, seed, clients);
            if (takeOver) {
                outcome = check.takingOver(installation.readers());
            } else if (kill) {
                outcome = check.killing(installation.readers());
            } else {
                outcome = check.calm(pairs, Duration.ofSeconds((long) (minutes * 60)));
            }
        }
        print(outcome);
        if (!outcome.findings().isEmpty()) {
            return FOUND;
        }
        Utils.delete(folder.toFile());
        return 0;
    }

    private static void print(AnswersCheck.Outcome outcome) {
        System.out.printf(
                Locale.ROOT,
                "%,d pairs; from the accepted command to the row that was read: p50 %d ms, p99 %d ms, longest %d ms%n",
                outcome.pairs(),
                outcome.median().toMillis(),
                outcome.p99().toMillis(),
                outcome.longest().toMillis());
        outcome.counts().forEach((what, count) -> System.out.printf(Locale.ROOT, "  %,d %s%n", count, what));
        outcome.outages().forEach(System.out::println);
        outcome.findings().forEach(finding -> System.out.println("FINDING " + finding));
    }
}
