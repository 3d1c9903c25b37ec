package dev.annals.projector;

import dev.annals.projector.generations.GenerationReconciler;
import dev.annals.projector.views.GroupOffsets;
import dev.annals.projector.views.ProjectedViews;
import dev.annals.service.Domains;
import dev.annals.service.Readiness;
import dev.annals.service.Service;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.Workers;
import dev.annals.service.access.AccessControl;
import dev.annals.service.http.HttpServer;
import dev.annals.service.http.Json;
import dev.annals.service.http.RouteAccess;
import dev.annals.service.kafka.ClusterWatch;
import dev.annals.service.kafka.KafkaWatch;
import dev.annals.service.kafka.RightsCheck;
import dev.annals.service.kafka.ServiceRights;
import dev.annals.service.kafka.StreamsHost;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.service.views.ViewRegistry;
import io.micrometer.core.instrument.Counter;
import java.util.List;

/** Folds events into views; see {@link dev.annals.engine.projecting.ViewTopology}. */
public final class ProjectorService {

    /** Unless {@code annals.http.port} says otherwise. */
    public static final int DEFAULT_PORT = 8082;

    private static final String[] SETTINGS_OF_OTHERS = {
        "annals.command.", "annals.query.", "annals.process.", "annals.console."
    };

    private ProjectorService() {}

    public static void main(String[] args) {
        Service.main("projector", service -> {
            Settings settings = Settings.load(args);
            ServiceConfig config = ServiceConfig.of(settings, DEFAULT_PORT);
            settings.refuseUnknown(SETTINGS_OF_OTHERS);
            start(service, config, Domains.load());
        });
    }

    /**
     * Starts the views of all domains and returns when they have been started; {@code /health/ready} says when they
     * run.
     *
     * @throws dev.annals.service.StartupException if a setting, a topic or a schema stands in the way
     */
    public static HttpServer start(Service service, ServiceConfig config, Domains domains) {
        ServiceMetrics metrics = service.closeAtEnd(new ServiceMetrics());
        Workers workers = new Workers(metrics.registry());
        KafkaWatch kafka = service.closeAtEnd(new KafkaWatch(config, metrics.registry(), workers));
        RightsCheck rights = new RightsCheck(ServiceRights.of(config, domains).ofProjector());
        ClusterWatch cluster = service.closeAtEnd(new ClusterWatch(config, domains, false, workers))
                .withRights(rights);
        ViewRegistry registry = service.closeAtEnd(new ViewRegistry(config, workers));
        metrics.registry().gauge("annals.view.registry.unreadable", registry, ViewRegistry::unreadableEntries);
        ProjectedViews views = ProjectedViews.of(config, domains, registry, metrics.registry());
        GroupOffsets offsets = service.closeAtEnd(new GroupOffsets(config));
        StreamsHost host = service.closeAtEnd(new StreamsHost(metrics.registry(), config.clientMeters(), List.of()));
        host.start(); // what is to be folded is added as the registry says
        Counter failures = metrics.registry().counter("annals.view.generations.failures");
        GenerationReconciler reconciler =
                service.closeAtEnd(new GenerationReconciler(views, registry, host, offsets, failures, workers));
        ViewReport report = new ViewReport(views, host, registry, offsets);
        ViewOperations operations = new ViewOperations(config, registry);
        HttpServer http = service.closeAtEnd(HttpServer.start(
                config,
                metrics,
                Readiness.all(workers, kafka, cluster, reconciler, host),
                () -> Json.resource(ProjectorService.class, "openapi.json"), // the same for all domains
                AccessControl.of(config.auth(), domains),
                routes -> {
                    routes.get("/v1/views", report::answer, RouteAccess.OPERATE);
                    operations.add(routes);
                }));
        kafka.start();
        cluster.start(new TopicProvisioner(config)
                .withRights(rights)
                .provision(domains)
                .topics());
        registry.start();
        reconciler.start();
        return http;
    }
}
