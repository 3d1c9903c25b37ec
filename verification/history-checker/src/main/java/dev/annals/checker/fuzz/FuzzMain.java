package dev.annals.checker.fuzz;

import dev.annals.checker.Evidence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. Exit code 0 without a finding, 1 with one, 2 when the arguments are wrong. */
@Command(
        name = "fuzz",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends malformed requests and records to a whole installation, and checks what comes of it.",
            "Each input is a function of the seed and its number."
        })
final class FuzzMain implements Callable<Integer> {

    private static final int FOUND = 1;
    private static final int MAX_SEED = 1_000_000_000;

    @Option(names = "--seed", description = "Of all inputs. Default: a random one.")
    private long seed = ThreadLocalRandom.current().nextInt(MAX_SEED);

    @Option(names = "--inputs", description = "How many, requests and records together. Default: ${DEFAULT-VALUE}.")
    private long inputs = 1_000_000;

    @Option(names = "--minutes", description = "After which no further ones are sent. Default: ${DEFAULT-VALUE}.")
    private double minutes = 60;

    @Option(names = "--connections", description = "That send requests at the same time. Default: ${DEFAULT-VALUE}.")
    private int connections = 16;

    @Option(names = "--tokens", description = "Services ask for tokens, and wrong ones are sent, too.")
    private boolean tokens;

    @Option(names = "--routes", description = "The page of routes. Default: ${DEFAULT-VALUE}.")
    private Path routes = Path.of("docs/reference/routes.md");

    @Option(
            names = "--only",
            paramLabel = "KIND:NUMBER",
            description = "Send these inputs alone, as findings name them, and tell what comes: http:17,record:4.")
    private @Nullable String only;

    @Option(names = "--keep", description = "Keep the data and the logs also without a finding.")
    private boolean keep;

    public static void main(String[] args) {
        System.exit(new CommandLine(new FuzzMain()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        System.out.println("seed " + seed);
        FuzzOptions options = new FuzzOptions(
                seed, inputs, Duration.ofMillis((long) (minutes * 60_000)), connections, 10, tokens, routes, only);
        Evidence evidence = Evidence.inNewFolder();
        FuzzReport report;
        try {
            report = FuzzRun.in(evidence.folder(), FuzzRun.layout(), options, System.out::println);
        } catch (Exception e) {
            System.out.println("the data and the logs are in " + evidence.folder());
            throw e;
        }
        report.lines().forEach(System.out::println);
        System.out.printf("findings         %d%n", report.findings().size());
        report.findings().forEach(finding -> System.out.println("  " + finding));
        if (report.findings().isEmpty() && !keep) {
            evidence.delete();
        } else {
            System.out.println("the data and the logs are in " + evidence.folder());
        }
        return report.findings().isEmpty() ? 0 : FOUND;
    }
}
