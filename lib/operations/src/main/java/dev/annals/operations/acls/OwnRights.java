package dev.annals.operations.acls;

import dev.annals.operations.InstalledDomains;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.service.TopicSettings;
import dev.annals.service.kafka.Right;
import dev.annals.service.kafka.RightsCheck;
import dev.annals.service.kafka.ServiceRights;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** What whoever runs a command may not do in the cluster. For one thread. */
public record OwnRights(KafkaAccess kafka, InstalledDomains domains) {

    /**
     * Refuses to go on where facts can't be read: what may not be described looks as if it were not there, and would be
     * passed over in silence.
     *
     * @throws OperationFailedException if a right is missing, and names it; or if the broker does not answer
     */
    public void requireFacts() {
        try {
            List<Right> missing = missing(rights().ofFactsReader());
            if (!missing.isEmpty()) {
                throw new OperationFailedException(sentence(missing));
            }
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new OperationFailedException(
                    "the broker at %s does not say what may be read: %s".formatted(kafka.bootstrapServers(), cause), e);
        }
    }

    /**
     * The rights of a role that are missing, as far as brokers say.
     *
     * @throws ExecutionException if they don't answer in time
     */
    public List<Right> missing(Role role) throws ExecutionException {
        return missing(role.rights(rights(), Set.of(), false));
    }

    /** That they are missing, for people. */
    public static String sentence(List<Right> missing) {
        return "may not %s: these rights are missing (annals acls --print gives them)"
                .formatted(missing.stream().map(Right::toString).collect(Collectors.joining(", ")));
    }

    private ServiceRights rights() {
        return AclPlan.rights(kafka.topics(), TopicSettings.DEFAULTS, domains);
    }

    private List<Right> missing(List<Right> wanted) throws ExecutionException {
        try (Admin admin = kafka.clients().admin()) {
            return new RightsCheck(wanted).missing(admin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationFailedException("interrupted", e);
        }
    }
}
