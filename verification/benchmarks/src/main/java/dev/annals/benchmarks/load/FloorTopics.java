package dev.annals.benchmarks.load;

import dev.annals.engine.kafka.NewTopics;
import dev.annals.engine.kafka.Topics;
import dev.annals.service.kafka.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;

/** Gives the floor topics like the service's: the same settings, the same number of partitions. */
final class FloorTopics {

    private static final int ANSWER_LIMIT_SECONDS = 30;

    private FloorTopics() {}

    static void create(String bootstrap, Topics topics) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
            TopicDescription model = admin.describeTopics(List.of(topics.commands(Program.SERVICE.type())))
                    .allTopicNames()
                    .get(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS)
                    .values()
                    .iterator()
                    .next();
            short replication = (short) model.partitions().getFirst().replicas().size();
            var existing = admin.listTopics().names().get(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS);
            List<NewTopic> missing = TopicSpec.ofAggregate(topics, Program.FLOOR.type()).stream()
                    .filter(spec -> !existing.contains(spec.name()))
                    .map(spec ->
                            new NewTopic(spec.name(), model.partitions().size(), replication).configs(spec.config()))
                    .toList();
            admin.createTopics(missing).all().get(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS);
            NewTopics.awaitLeaders(admin, missing, Duration.ofSeconds(ANSWER_LIMIT_SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            throw new LoadException("the floor's topics can't be made: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
    }
}
