package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.query.Instance.Response;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lists that are read page by page, from two instances in turn, while rows come, change and go. */
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PagesWhileRowsChangeIT {

    private static final int STAYING = 150;
    private static final int COMING_AND_GOING = 150;
    private static final int PASSES = 20;
    private static final int MIN_CHANGES = 200;

    private final KafkaCluster kafka;
    private final Random random = new Random(20_261_122);
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger changes = new AtomicInteger();

    PagesWhileRowsChangeIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Tag("heavy")
    @Test
    void no_row_comes_twice_and_none_that_stays_is_missed(@TempDir Path state) throws Exception {
        try (Installation installation = new Installation(kafka)) {
            Instance one = installation.start(state.resolve("one"));
            Instance two = installation.start(state.resolve("two"));
            installation.awaitReady();
            Set<String> staying = new HashSet<>();
            for (int i = 0; i < STAYING; i++) {
                installation.account("staying-" + i, 1, "1");
                staying.add("staying-" + i);
            }
            staying.forEach(id -> one.await("/v1/accounts/" + id));
            CompletableFuture<Void> changing = CompletableFuture.runAsync(() -> change(installation));
            try {
                for (int pass = 0; pass < PASSES || changes.get() < MIN_CHANGES; pass++) {
                    List<String> ids = allIds(List.of(one, two));
                    assertThat(ids).doesNotHaveDuplicates().containsAll(staying).isSorted();
                }
            } finally {
                over.set(true);
                changing.get(20, TimeUnit.SECONDS);
            }
        }
    }

    private void change(Installation installation) {
        for (int version = 2; !over.get(); version++) {
            String guest = "%s-%d".formatted(random.nextBoolean() ? "a" : "z", random.nextInt(COMING_AND_GOING));
            if (random.nextBoolean()) {
                installation.account(guest, version, "1");
            } else {
                installation.deleteAccount(guest);
            }
            installation.account("staying-" + random.nextInt(STAYING), version, "2");
            changes.incrementAndGet();
        }
    }

    private List<String> allIds(List<Instance> instances) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            String page = "/v1/accounts?limit=%d%s"
                    .formatted(1 + random.nextInt(40), cursor == null ? "" : "&cursor=" + cursor);
            Response response = instances.get(random.nextInt(instances.size())).get(page);
            assertThat(response.status()).isEqualTo(200);
            for (JsonNode item : response.json().get("items")) {
                ids.add(item.get("id").textValue());
            }
            cursor = response.json().get("nextCursor").textValue();
        } while (cursor != null);
        return ids;
    }
}
