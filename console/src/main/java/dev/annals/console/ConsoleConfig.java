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
 * @param production its name, where the installation is production; empty where it is not
 * @param liveAnswers how many may be forwarded at the same time
 */
record ConsoleConfig(
        ServiceConfig service,
        Map<Upstream, List<URI>> instances,
        boolean readOnly,
        String production,
        int liveAnswers) {

    static final int DEFAULT_PORT = 8084;

    static final String READ_ONLY = "annals.console.read.only";

    static final String PRODUCTION = "annals.console.production";

    /** Each has a virtual thread here and a place of the service behind. */
    static final String LIVE_ANSWERS = "annals.console.live.answers";

    private static final int DEFAULT_LIVE_ANSWERS = 200;
    private static final int MAX_LIVE_ANSWERS = 10_000;
    private static final int MAX_NAME_LENGTH = 40;
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
                production(settings.text(PRODUCTION, "")),
                settings.integer(LIVE_ANSWERS, DEFAULT_LIVE_ANSWERS, 1, MAX_LIVE_ANSWERS));
        settings.refuseUnknown(SETTINGS_OF_OTHERS);
        return config;
    }

    /** Somebody has to type it. */
    private static String production(String name) {
        if (name.length() > MAX_NAME_LENGTH
                || !name.equals(name.strip())
                || !name.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            throw new StartupException("%s=%s: expected the name of the installation, at most %d characters of ASCII"
                    .formatted(PRODUCTION, name, MAX_NAME_LENGTH));
        }
        return name;
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
