package dev.annals.cli;

import dev.annals.operations.OperationFailedException;
import dev.annals.quickstart.QuickstartException;
import dev.annals.serde.AvroLimits;
import java.io.PrintWriter;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command {@code annals}. Exit code 0 only on success, 1 when something went wrong, 2 when the arguments are wrong.
 */
@Command(
        name = "annals",
        description = {
            "Event sourcing and CQRS on the Kafka that people already run.",
            "A command acts on the installation of its data folder (--data, or ANNALS_DATA, or ./data) or on "
                    + "addresses that are given. Where there is neither it refuses."
        },
        mixinStandardHelpOptions = true,
        version = "annals 0.1.0",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            ImportCommand.class,
            SendCommand.class,
            GetCommand.class,
            ListCommand.class,
            HistoryCommand.class,
            ViewsCommand.class,
            ProcessesCommand.class,
            ReplayCommand.class,
            VerifyCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            SkipCommand.class,
            CommandsCommand.class,
            EraseCommand.class,
            AuditCommand.class,
            DeadLettersCommand.class,
            TopicsCommand.class,
            AclsCommand.class,
            DoctorCommand.class
        })
public final class AnnalsMain implements Runnable {
    private static final int FAILED = 1;
    private static final int HELP_WIDTH = 100;

    /** Ours goes to the standard error: the standard output belongs to the answer. */
    private static final String LOG_CONFIGURATION = "dev/annals/cli/logback.xml";

    @Spec
    private @Nullable CommandSpec spec;

    public static void main(String[] args) {
        System.setProperty("logback.configurationFile", LOG_CONFIGURATION);
        AvroLimits.set();
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new AnnalsMain())
                .setUsageHelpWidth(HELP_WIDTH)
                .setExpandAtFiles(false) // `send` reads @FILE as JSON, not as arguments
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(oneLine());
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), "Which command?");
    }

    /** What a person can put right is one line; anything else is a bug and shows where it is. */
    private static IExecutionExceptionHandler oneLine() {
        return (failure, commandLine, parsed) -> {
            PrintWriter err = commandLine.getErr();
            ConfigException setting = wrongSetting(failure);
            if (failure instanceof QuickstartException || failure instanceof OperationFailedException) {
                err.println("annals: " + failure.getMessage());
            } else if (setting != null) {
                err.println("annals: " + setting.getMessage());
            } else {
                failure.printStackTrace(err);
            }
            if (mayBeRefusal(failure) && commandLine.getCommand() instanceof KafkaCommand command) {
                String missing = command.missingRights();
                if (missing != null) {
                    err.println("annals: " + missing);
                }
            }
            err.flush();
            return FAILED;
        };
    }

    /** Kafka names no operation; and what may not be described, a command may have called missing. */
    private static boolean mayBeRefusal(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof AuthorizationException)) {
            cause = cause.getCause();
        }
        return cause instanceof AuthorizationException || cause instanceof OperationFailedException;
    }

    /** Of {@code --kafka-config}; Kafka's clients wrap it. */
    private static @Nullable ConfigException wrongSetting(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof ConfigException)) {
            cause = cause.getCause();
        }
        return (ConfigException) cause;
    }
}
