package dev.annals.projector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountsDomain;
import dev.annals.api.AggregateType;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.RegistryEntry;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrdersDomain;
import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.http.HttpServer;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.testsupport.kafka.KafkaCluster;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Topics of one test, with the projectors that fold them in this process. */
record Installation(KafkaCluster kafka, Path folder, Domains domains, Map<String, String> settings) {

    static final int PARTITIONS = 4;

    static Installation of(KafkaCluster kafka, Path folder, Domains domains) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "kafka.bootstrap.servers", kafka.bootstrapServers(),
                "kafka.schema.registry.url", kafka.registryUrl(),
                "annals.topics.prefix", kafka.uniqueName("projector") + ".",
                "annals.topics.partitions", Integer.toString(PARTITIONS)));
        Installation installation = new Installation(kafka, folder, domains, settings);
        new TopicProvisioner(installation.config()).provision(domains);
        return installation;
    }

    private ServiceConfig config() {
        return ServiceConfig.of(Settings.of(settings), 0);
    }

    Topics topics() {
        return config().topics();
    }

    /** Starts a projector; each name has a state of its own. */
    HttpServer start(Service service, String name) {
        return start(service, name, Map.of());
    }

    HttpServer start(Service service, String name, Map<String, String> more) {
        Map<String, String> own = new TreeMap<>(settings);
        own.putAll(more);
        own.put("annals.http.port", "0");
        own.put("annals.state.dir", folder.resolve(name).toString());
        return ProjectorService.start(service, ServiceConfig.of(Settings.of(own), 0), domains);
    }

    EventLog<OrderEvent> orders() {
        return log(new OrdersDomain().aggregate(), OrderEvent.class);
    }

    EventLog<AccountEvent> accounts() {
        return log(new AccountsDomain().aggregate(), AccountEvent.class);
    }

    @SuppressWarnings({"unchecked", "unused"}) // the domain's events are of this class
    private <E> EventLog<E> log(AggregateType<?, ?, ?> type, Class<E> events) {
        AggregateBinding<?, ?, E> binding = (AggregateBinding<?, ?, E>) AggregateBinding.of(type);
        return new EventLog<>(binding, topics(), PARTITIONS, config().values(), kafka.bootstrapServers());
    }

    Rows rows() {
        return new Rows(kafka, topics(), config().values());
    }

    /** Writes an entry of the view registry as the command line does. */
    void write(RegistryEntry entry) {
        write(entry.toRecord(topics()));
    }

    /** Writes what nobody who plays by the rules would write. */
    void write(byte[] key, byte[] value) {
        write(new ProducerRecord<>(topics().views(), 0, key, value));
    }

    private void write(ProducerRecord<byte[], byte[]> entry) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            assertThat(producer.send(entry).get().hasOffset()).isTrue();
        } catch (ExecutionException e) {
            throw new AssertionError("the entry was not written: the test can say nothing", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
