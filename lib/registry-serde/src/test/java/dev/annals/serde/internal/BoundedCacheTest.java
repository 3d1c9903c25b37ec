package dev.annals.serde.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BoundedCacheTest {

    private final BoundedCache<String, Integer> cache = new BoundedCache<>(2);
    private final AtomicInteger loads = new AtomicInteger();

    @Test
    void a_value_is_loaded_once() {
        assertThat(cache.get("a", key -> loads.incrementAndGet())).isEqualTo(1);
        assertThat(cache.get("a", key -> loads.incrementAndGet())).isEqualTo(1);
    }

    @Test
    void a_new_entry_displaces_another_when_the_cache_is_full() {
        for (String key : new String[] {"a", "b", "c"}) {
            cache.get(key, any -> loads.incrementAndGet());
        }

        assertThat(cache.size()).isEqualTo(2);
        assertThat(cache.peek("c")).isEqualTo(3);
    }

    @Test
    void a_failed_load_is_not_remembered() {
        assertThatThrownBy(() -> cache.get("a", key -> {
                    throw new IllegalStateException("away");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(cache.get("a", key -> 7)).isEqualTo(7);
    }
}
