package dev.annals.cli;

import dev.annals.operations.ServiceClient;
import dev.annals.quickstart.Part;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals send}: one command to one aggregate. */
@Command(
        name = "send",
        description = "Sends a command to an aggregate, and prints its result.",
        footer = {
            "",
            "Example: annals send orders 1001 PayOrder '{\"method\":\"card\",\"amount\":\"12.50\"}'",
            "Exit code: 0 accepted (or on its way), 1 rejected or failed, 2 wrong usage."
        })
final class SendCommand extends Action implements Runnable {

    @Mixin
    private Target target = new Target();

    @Parameters(index = "0", paramLabel = "TYPE", description = "Aggregate type, for instance orders")
    private String type = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Aggregate id")
    private String id = "";

    @Parameters(index = "2", paramLabel = "COMMAND", description = "For instance PayOrder")
    private String command = "";

    @Parameters(
            index = "3",
            arity = "0..1",
            paramLabel = "JSON",
            defaultValue = "{}",
            description = "The command's fields: JSON, @FILE for a file, or - for the standard input (default: {})")
    private String fields = "{}";

    @Option(
            names = "--command-url",
            paramLabel = "URL",
            description = "Command service (default: ANNALS_COMMAND_URL, or that of the installation)")
    private @Nullable URI url;

    @Mixin
    private final CredentialOptions credentials = new CredentialOptions();

    @Option(
            names = "--id",
            paramLabel = "COMMAND-ID",
            description = "Idempotency key: the same command sent again takes effect once")
    private @Nullable String commandId;

    @ArgGroup
    private @Nullable Expected expected;

    @ArgGroup
    private @Nullable Preference preference;

    /** What version the aggregate must have. */
    static final class Expected {

        @Option(names = "--if-match", paramLabel = "VERSION", description = "Only if the aggregate has this version")
        private @Nullable Long version;

        @Option(names = "--if-none-match", description = "Only if the aggregate does not exist")
        private boolean none;
    }

    /** How long to wait for the result. */
    static final class Preference {

        @Option(names = "--async", description = "Do not wait for the result")
        private boolean async;

        @Option(names = "--wait", paramLabel = "SECONDS", description = "How long to wait for the result")
        private @Nullable Integer seconds;
    }

    @Override
    public void run() {
        Map<String, String> headers = new LinkedHashMap<>();
        if (commandId != null) {
            headers.put("Idempotency-Key", commandId);
        }
        if (expected != null && expected.version != null) {
            headers.put("If-Match", "\"" + expected.version + "\"");
        }
        if (expected != null && expected.none) {
            headers.put("If-None-Match", "*");
        }
        Duration wait = Duration.ZERO;
        if (preference != null && preference.async) {
            headers.put("Prefer", "respond-async");
        }
        if (preference != null && preference.seconds != null) {
            headers.put("Prefer", "wait=" + preference.seconds);
            wait = Duration.ofSeconds(preference.seconds);
        }
        Target.Given given = new Target.Given("--command-url URL", url, "ANNALS_COMMAND_URL");
        ServiceClient commands = new ServiceClient(
                Part.COMMANDS.title(), URI.create(target.address(Part.COMMANDS, given)), credentials.read(target));
        output.answer(commands.post(ServiceClient.path("v1", type, id, command), json(), headers, wait));
    }

    private String json() {
        try {
            if (fields.equals("-")) {
                return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
            }
            return fields.startsWith("@") ? Files.readString(Path.of(fields.substring(1))) : fields;
        } catch (IOException e) {
            throw output.wrong("%s can't be read: %s".formatted(fields, e));
        }
    }
}
