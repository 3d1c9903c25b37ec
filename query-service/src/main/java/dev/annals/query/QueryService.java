package dev.annals.query;

import dev.annals.query.http.QueryApi;
import dev.annals.query.table.Tables;
import dev.annals.service.Domains;
import dev.annals.service.Readiness;
import dev.annals.service.Service;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.Workers;
import dev.annals.service.access.AccessControl;
import dev.annals.service.http.HttpServer;
import dev.annals.service.kafka.ClusterWatch;
import dev.annals.service.kafka.KafkaWatch;
import dev.annals.service.kafka.RightsCheck;
import dev.annals.service.kafka.ServiceRights;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.service.views.ViewRegistry;

/** Starts the query service. */
public final class QueryService {

    private QueryService() {}

    public static void main(String[] args) {
        Service.main("query-service", service -> start(service, Settings.load(args)));
    }

    /**
     * Starts the service in this process and returns.
     *
     * @return its HTTP side, which listens already
     */
    static HttpServer start(Service service, Settings settings) {
        QueryConfig config = QueryConfig.of(settings);
        Domains domains = Domains.load();
        RightsCheck rights =
                new RightsCheck(ServiceRights.of(config.service(), domains).ofQueryService(config.snapshotEvery() > 0));
        TopicProvisioner.Provisioned provisioned = new TopicProvisioner(config.service())
                .withRights(rights)
                .provision(domains); // not those of views, which projectors make

        ServiceMetrics metrics = service.closeAtEnd(new ServiceMetrics());
        Workers workers = new Workers(metrics.registry());
        KafkaWatch kafka = service.closeAtEnd(new KafkaWatch(config.service(), metrics.registry(), workers))
                .start();
        ClusterWatch cluster = service.closeAtEnd(new ClusterWatch(config.service(), domains, false, workers))
                .withRights(rights)
                .start(provisioned.topics());
        Tables tables = service.closeAtEnd(new Tables(config.service(), metrics.registry(), workers));
        ViewRegistry board = service.closeAtEnd(new ViewRegistry(config.service(), workers));
        metrics.registry().gauge("annals.view.registry.unreadable", board, ViewRegistry::unreadableEntries);
        QueryApi api = service.closeAtEnd(new QueryApi(
                domains,
                config.service(),
                tables,
                board,
                kafka,
                config.liveReaders(),
                config.snapshotEvery(),
                metrics.registry(),
                workers));
        // First HTTP: other instances must know the port before partitions come here.
        HttpServer http = service.closeAtEnd(HttpServer.start(
                config.service(),
                metrics,
                Readiness.all(workers, cluster, api),
                api::openApi,
                AccessControl.of(config.service().auth(), domains),
                api::routes,
                api.core()));
        service.closeAtEnd(api.live()); // before the server, which else waits for those that read live events
        board.start();
        api.start(config.advertised().at(http.internalPort()));
        return http;
    }
}
