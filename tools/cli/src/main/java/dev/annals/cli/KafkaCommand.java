package dev.annals.cli;

import dev.annals.operations.InstalledDomains;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.acls.OwnRights;
import dev.annals.operations.acls.Role;
import dev.annals.service.kafka.Right;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A command that reads or writes topics. */
@Command(sortOptions = false)
abstract class KafkaCommand extends Action {

    @Mixin
    final KafkaOptions kafka = new KafkaOptions();

    /** Whose rights it needs. */
    Role role() {
        return Role.OPERATOR;
    }

    /** Which of its rights are missing, for people; null where none is, or nobody says. */
    @Nullable
    String missingRights() {
        try {
            List<Right> missing = new OwnRights(
                            kafka.accessToBrokers(),
                            InstalledDomains.load(kafka.target().domainJars()))
                    .missing(role());
            return missing.isEmpty() ? null : OwnRights.sentence(missing);
        } catch (ExecutionException | KafkaException | OperationFailedException e) {
            return null; // what has failed before says why
        }
    }
}
