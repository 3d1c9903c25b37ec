package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The console lines of a section of a document, as somebody types them: lines that begin with {@code $} are run by a
 * shell, with the ports of an installation instead of the usual ones, and what they print must be what stands below
 * them, where {@code …} stands for anything.
 */
record Walk(List<Step> steps) {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PROMPT = "$ ";

    /** @param expected lines with gaps; empty: anything but a problem */
    record Step(String command, String expected) {

        private boolean changesNothing() {
            return !command.contains(" -d ") && !command.contains("-X ");
        }

        private Pattern pattern() {
            if (expected.isEmpty()) {
                return Pattern.compile("(?!.*urn:annals:problem).*", Pattern.DOTALL);
            }
            return Pattern.compile(
                    Stream.of(expected.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                    Pattern.DOTALL);
        }
    }

    /** The console blocks from a heading to the next one. */
    static Walk of(Path document, String heading) throws IOException {
        List<Step> steps = new ArrayList<>();
        boolean inSection = false;
        boolean inBlock = false;
        for (String line :
                Files.readString(document).replace("\\\n", " ").lines().toList()) {
            if (line.startsWith("#") && !inBlock) {
                inSection = line.equals(heading);
            } else if (line.startsWith("```")) {
                inBlock = !inBlock && line.equals("```console");
            } else if (inSection && inBlock && line.startsWith(PROMPT)) {
                steps.add(new Step(line.substring(PROMPT.length()), ""));
            } else if (inSection && inBlock) {
                Step last = steps.removeLast();
                steps.add(new Step(last.command(), last.expected() + line));
            }
        }
        assertThat(steps)
                .as("%s has console lines under '%s'", document, heading)
                .isNotEmpty();
        return new Walk(steps);
    }

    /**
     * Takes all steps. What only asks is asked again until the answer is right: a reader is slower than a projector.
     */
    void take(Installation annals) throws Exception {
        for (Step step : steps) {
            if (step.command().startsWith("./annals ")) {
                continue; // has tests of its own
            }
            String command = annals.withPorts(step.command());
            if (step.changesNothing()) {
                Awaitility.await()
                        .atMost(LIMIT)
                        .untilAsserted(() -> assertThat(run(command)).matches(step.pattern()));
            } else {
                assertThat(run(command)).as(command).matches(step.pattern());
            }
        }
    }

    private static String run(String command) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("bash", "-c", command.replace("curl ", "curl --silent --show-error "))
                .redirectErrorStream(true)
                .start();
        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!shell.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            shell.destroyForcibly();
            throw new AssertionError("no end of " + command);
        }
        return printed.strip();
    }
}
