package dev.annals.projector;

import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.Workers;
import dev.annals.service.http.HttpServer;
import dev.annals.service.http.Readiness;
import dev.annals.service.kafka.KafkaWatch;
import dev.annals.service.kafka.StreamsHost;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.service.views.ViewBoard;
import io.micrometer.core.instrument.Counter;
import java.time.InstantSource;
import java.util.List;

/** Folds events into views; see {@link dev.annals.engine.projecting.ViewTopology}. */
public final class ProjectorService {

    /** Unless {@code annals.http.port} says otherwise. */
    public static final int DEFAULT_PORT = 8082;

    private static final String[] SETTINGS_OF_OTHERS = {"annals.command.", "annals.query."};

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
     * Starts the views of all domains and returns when they have been started; {@code /health/ready} says when they run.
     *
     * @throws dev.annals.service.StartupException if a setting, a topic or a schema stands in the way
     */
    public static HttpServer start(Service service, ServiceConfig config, Domains domains) {
        ServiceMetrics metrics = service.closeAtEnd(new ServiceMetrics());
        Workers workers = new Workers(metrics.registry());
        KafkaWatch kafka = service.closeAtEnd(new KafkaWatch(config, metrics.registry(), workers));
        ViewBoard board = service.closeAtEnd(new ViewBoard(config));
        metrics.registry().gauge("annals.view.notes.left.out", board, ViewBoard::notesLeftOut);
        ProjectedViews views = ProjectedViews.of(config, domains, board, metrics.registry());
        GroupOffsets offsets = service.closeAtEnd(new GroupOffsets(config));
        StreamsHost host = service.closeAtEnd(new StreamsHost(metrics.registry(), List.of()));
        host.start(); // what is to be folded is added as the notes say
        Counter failures = metrics.registry().counter("annals.view.generations.failures");
        Successions successions =
                new Successions(views, board, offsets, InstantSource.system(), new Attempts(failures));
        GenerationKeeper keeper = service.closeAtEnd(
                new GenerationKeeper(views, board, host, successions, offsets, new Attempts(failures)));
        ViewReport report = new ViewReport(views, host, board, new ViewLags(views, offsets));
        HttpServer http = service.closeAtEnd(HttpServer.start(
                config,
                metrics,
                Readiness.all(workers, kafka, keeper, host),
                OpenApi::document,
                routes -> routes.get("/v1/views", report::answer)));
        kafka.start();
        new TopicProvisioner(config).provision(domains);
        board.start();
        keeper.start();
        return http;
    }
}
