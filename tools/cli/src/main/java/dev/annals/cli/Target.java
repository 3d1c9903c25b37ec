package dev.annals.cli;

import dev.annals.operations.OperationFailedException;
import dev.annals.quickstart.Part;
import dev.annals.quickstart.Quickstart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What a command acts on: addresses that are given, else the running processes of the installation in the data folder.
 *
 * <p>Where there is neither it refuses. There are no default addresses: whatever answers at one may be somebody else's.
 * For one thread.
 */
final class Target {

    private static final String FOLDER_VARIABLE = "ANNALS_DATA";
    private static final Path DEFAULT_FOLDER = Path.of("data");

    /** What a shell reads as it is written. */
    private static final Pattern PLAIN = Pattern.compile("[\\w./:@%+=,-]+");

    private final Map<String, String> environment;
    private final List<Address> found = new ArrayList<>();

    @Option(
            names = "--data",
            order = Action.TARGET,
            paramLabel = "FOLDER",
            description = "Folder of the installation (default: ANNALS_DATA, or ./data)")
    private @Nullable Path named;

    /**
     * How an address can be given.
     *
     * @param option as people write it, with its value
     * @param value of the option; null where it is left out
     * @param variable of the environment, which counts where neither the option nor a folder is named
     */
    record Given(String option, @Nullable Object value, String variable) {}

    private record Address(Part part, String text, boolean given) {

        @Override
        public String toString() {
            return part.title() + " " + text;
        }
    }

    public Target() {
        this(System.getenv());
    }

    Target(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The data folder, whether or not there is an installation in it. */
    Path folder() {
        if (named != null) {
            return named;
        }
        String variable = variable(FOLDER_VARIABLE);
        return variable == null ? DEFAULT_FOLDER : Path.of(variable);
    }

    List<Path> domainJars() {
        return Quickstart.domainJars(folder());
    }

    /** @throws OperationFailedException if there is none in the data folder */
    Quickstart installation() {
        return Quickstart.existing(folder())
                .orElseThrow(() -> new OperationFailedException(
                        "there is no installation in %s: name another with --data FOLDER, or start one there with: %s"
                                .formatted(shownFolder(), hint("up"))));
    }

    /**
     * Where a process answers.
     *
     * @throws OperationFailedException if nobody has said it, or it is that of an installation and does not run
     */
    String address(Part part, Given given) {
        String text = text(given);
        Address address =
                text == null ? new Address(part, ofInstallation(part, given), false) : new Address(part, text, true);
        found.add(address);
        return address.text();
    }

    /** A folder that is named says more than an address that stands in the environment for whatever comes. */
    private @Nullable String text(Given given) {
        if (given.value() != null) {
            return given.value().toString();
        }
        return named == null ? variable(given.variable()) : null;
    }

    private String ofInstallation(Part part, Given given) {
        Quickstart installation = Quickstart.existing(folder())
                .orElseThrow(() -> new OperationFailedException(
                        "there is no installation in %s, and no address of the %s: name an installation with --data FOLDER, or give %s"
                                .formatted(shownFolder(), part.title(), given.option())));
        return installation
                .address(part)
                .orElseThrow(() ->
                        new OperationFailedException("the %s of the installation in %s does not run: start it with: %s"
                                .formatted(part.title(), shownFolder(), hint("up"))));
    }

    /** The value of an environment variable, null if it has none. */
    @Nullable
    String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** Names what {@link #address} has found, to whoever is about to change something there. */
    String announcement() {
        String own = texts(false);
        return "Acts on "
                + Stream.of(
                                own.isEmpty() ? "" : "the installation in %s (%s)".formatted(shownFolder(), own),
                                texts(true))
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(" and "));
    }

    private String texts(boolean given) {
        return found.stream()
                .filter(address -> address.given() == given)
                .map(Address::toString)
                .collect(Collectors.joining(", "));
    }

    /** A command line for people to paste: it acts on the folder that was named for this one. */
    String hint(String command) {
        return named == null && variable(FOLDER_VARIABLE) == null
                ? "annals " + command
                : "annals " + command + " --data " + quoted(folder().toString());
    }

    private Path shownFolder() {
        return folder().toAbsolutePath().normalize();
    }

    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
