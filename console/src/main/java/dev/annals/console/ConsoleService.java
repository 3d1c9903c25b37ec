package dev.annals.console;

import dev.annals.service.AuthSettings;
import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.access.AccessControl;
import dev.annals.service.http.HttpServer;
import dev.annals.service.http.Json;
import java.util.List;

/** Serves the console. It talks to the services' public HTTP APIs alone, never to Kafka, and can be left out. */
public final class ConsoleService {

    private ConsoleService() {}

    public static void main(String[] args) {
        Service.main("console", service -> start(service, Settings.load(args)));
    }

    /**
     * Starts the console in this process and returns; it is ready at once, whatever the services are.
     *
     * @throws dev.annals.service.StartupException if a setting stands in the way
     */
    static HttpServer start(Service service, Settings settings) {
        ConsoleConfig config = ConsoleConfig.of(settings);
        ServiceMetrics metrics = service.closeAtEnd(new ServiceMetrics());
        Forwarding forwarding = new Forwarding(config);
        ServiceStates states = service.closeAtEnd(new ServiceStates(config.instances()));
        ConsoleRoutes routes = new ConsoleRoutes(config, new Pages(), forwarding, states);
        HttpServer http = service.closeAtEnd(HttpServer.start(
                config.service(),
                metrics,
                List::of,
                () -> Json.resource(ConsoleService.class, "openapi.json"),
                access(config),
                routes::add));
        service.closeAtEnd(forwarding); // before the server, which else waits for live answers
        return http;
    }

    /** Domains count only where there is a policy, which names what they have. */
    private static AccessControl access(ConsoleConfig config) {
        AuthSettings auth = config.service().auth();
        return auth.mode() == AuthSettings.Mode.OIDC ? AccessControl.of(auth, Domains.load()) : AccessControl.none();
    }
}
