package dev.annals.console;

import dev.annals.service.http.Produces;
import dev.annals.service.http.RouteAccess;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import io.javalin.security.Roles;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the console answers. It has no rights of its own and grants none: everybody gets the pages, which hold no data,
 * and what they ask for is decided by the service that is asked, by the token of whoever looks at them. Thread-safe.
 */
record ConsoleRoutes(ConsoleConfig config, Pages pages, Forwarding forwarding, ServiceStates states) {

    /** No script, style or font but our own files, nothing inline, and no frame of another page around it. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    /** Addresses of screens: the page reads them. */
    private static final List<String> SCREENS = List.of(
            "/",
            "/t/{type}",
            "/t/{type}/{id}",
            "/t/{type}/{id}/send/{command}",
            "/views",
            "/views/{view}",
            "/views/{view}/rows",
            "/dead-letters/{type}",
            "/processes/{process}",
            "/processes/{process}/{id}",
            "/commands/{command}",
            "/settings",
            "/map");

    private static final Produces HTML = new Produces(List.of("text/html"));
    private static final Produces FILES =
            new Produces(List.of("text/javascript", "text/css", "image/svg+xml", "text/plain"));
    private static final String FORWARDED = "/api/{service}/<path>";

    void add(RoutesConfig routes) {
        routes.before(ConsoleRoutes::protect);
        SCREENS.forEach(screen -> get(routes, screen, HTML, pages::index));
        get(routes, "/assets/<name>", FILES, pages::asset);
        routes.get("/api/console", ctx -> ctx.json(about()), RouteAccess.OPEN);
        routes.get("/api/services", states::answer, RouteAccess.OPEN);
        routes.get("/api/{service}", forwarding::answer, RouteAccess.OPEN); // its root
        get(routes, FORWARDED, Produces.JSON_OR_EVENTS, forwarding::answer);
        routes.post(FORWARDED, forwarding::answer, RouteAccess.OPEN);
        routes.put(FORWARDED, forwarding::answer, RouteAccess.OPEN);
        routes.delete(FORWARDED, forwarding::answer, RouteAccess.OPEN);
    }

    private static void get(RoutesConfig routes, String path, Produces produces, Handler handler) {
        routes.addEndpoint(Endpoint.create(HandlerType.GET, path)
                .addMetadata(produces)
                .addMetadata(new Roles(Set.of(RouteAccess.OPEN)))
                .handler(handler));
    }

    private static void protect(Context ctx) {
        ctx.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        ctx.header("Referrer-Policy", "no-referrer"); // ids stand in addresses
        ctx.header("Cross-Origin-Opener-Policy", "same-origin");
        ctx.header("Cross-Origin-Resource-Policy", "same-origin");
    }

    /** What the pages need to know: addresses stand in the command lines that they show. */
    private Map<String, Object> about() {
        return Map.of(
                "readOnly",
                config.readOnly(),
                "production",
                config.production(),
                "commandUrl",
                config.instances(Upstream.COMMAND).getFirst().toString(),
                "queryUrl",
                config.instances(Upstream.QUERY).getFirst().toString(),
                "projectorUrl",
                config.instances(Upstream.PROJECTOR).getFirst().toString(),
                "processUrl",
                config.instances(Upstream.PROCESS).getFirst().toString());
    }
}
