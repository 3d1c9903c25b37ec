package dev.annals.service.kafka;

import dev.annals.service.ServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stores of Streams applications on this machine. */
public final class LocalState {

    private static final Logger LOG = LoggerFactory.getLogger(LocalState.class);

    private LocalState() {}

    /**
     * Deletes what is left of an application that does not run here and never will again; what can't be deleted is
     * logged.
     *
     * @param applicationId without the installation's prefix
     * @throws IllegalArgumentException if it leads out of the folder of the stores: what is deleted is deleted with all
     *     that is in it
     */
    public static void delete(ServiceConfig config, String applicationId) {
        Path all = config.stateDir().toAbsolutePath().normalize();
        Path stores = all.resolve(config.topics().prefix() + applicationId).normalize();
        if (!all.equals(stores.getParent())) {
            throw new IllegalArgumentException("application '%s' has no folder in %s".formatted(applicationId, all));
        }
        if (!Files.exists(stores)) {
            return;
        }
        try {
            Utils.delete(stores.toFile());
            LOG.atInfo().addKeyValue("folder", stores).log("stores that are no longer needed are deleted");
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("folder", stores)
                    .addKeyValue("reason", e.toString())
                    .log("stores that are no longer needed can't be deleted");
        }
    }
}
