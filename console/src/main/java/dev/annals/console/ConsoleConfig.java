package dev.annals.console;

import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Settings of the console.
 *
 * @param service what every service has; nothing of Kafka counts
 * @param instances where the services answer: base addresses, at least one of each
 * @param readOnly whether only what changes nothing is forwarded
 * @param liveAnswers how many may be forwarded at the same time
 */
record ConsoleConfig(ServiceConfig service, Map<Upstream, List<URI>> instances, boolean readOnly, int liveAnswers) {

    static final int DEFAULT_PORT = 8084;

    static final String READ_ONLY = "annals.console.read.only";

    /** Each has a virtual thread here and a place of the service behind. */
    static final String LIVE_ANSWERS = "annals.console.live.answers";

    private static final int DEFAULT_LIVE_ANSWERS = 200;
    private static final int MAX_LIVE_ANSWERS = 10_000;
    private static final String[] SETTINGS_OF_OTHERS = {
        "annals.command.", "annals.query.", "annals.projector.", "annals.process."
    };

    ConsoleConfig {
        instances = Map.copyOf(instances);
    }

    /** At least one. */
    List<URI> instances(Upstream upstream) {
        return Objects.requireNonNull(instances.get(upstream));
    }

    /** @throws StartupException if a setting is wrong or unknown; the message names its key */
    static ConsoleConfig of(Settings settings) {
        Map<Upstream, List<URI>> instances = new EnumMap<>(Upstream.class);
        for (Upstream upstream : Upstream.values()) {
            instances.put(upstream, instances(settings, upstream));
        }
        ConsoleConfig config = new ConsoleConfig(
                ServiceConfig.withoutKafka(settings, DEFAULT_PORT),
                instances,
                settings.flag(READ_ONLY, false),
                settings.integer(LIVE_ANSWERS, DEFAULT_LIVE_ANSWERS, 1, MAX_LIVE_ANSWERS));
        settings.refuseUnknown(SETTINGS_OF_OTHERS);
        return config;
    }

    private static List<URI> instances(Settings settings, Upstream upstream) {
        List<String> given = settings.list(upstream.key()).stream().sorted().toList();
        return (given.isEmpty() ? List.of(upstream.defaultAddress()) : given)
                .stream().map(text -> address(upstream.key(), text)).toList();
    }

    private static URI address(String key, String text) {
        try {
            URI address = URI.create(text);
            boolean isBase = address.getHost() != null
                    && address.getRawPath().replace("/", "").isEmpty()
                    && address.getRawQuery() == null
                    && address.getRawUserInfo() == null;
            if (isBase && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
                return URI.create(address.getScheme() + "://" + address.getRawAuthority());
            }
        } catch (IllegalArgumentException e) {
            // refused below, together with what is no base address
        }
        throw new StartupException(
                "%s=%s: expected addresses such as http://127.0.0.1:8080, without a path, with commas between"
                        .formatted(key, text));
    }
}
