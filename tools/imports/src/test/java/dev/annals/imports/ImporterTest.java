package dev.annals.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.avro.RecordBinding;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ImporterTest {

    record IssueCard(int value) {}

    /** Of a type whose name Avro can't have. */
    private static final class GiftCards implements CommandSource<String> {

        @Override
        public String name() {
            return "gift-cards";
        }

        @Override
        public String aggregateType() {
            return "gift-cards";
        }

        @Override
        public List<Class<? extends Record>> payloads() {
            return List.of(IssueCard.class);
        }

        @Override
        public Survey survey() {
            return new Survey(0, Map.of());
        }

        @Override
        public void forEach(Consumer<Outgoing<String>> commands) {}
    }

    @Test
    void commands_of_a_type_with_a_hyphen_have_their_schemas_where_the_services_look() {
        Map<Class<?>, RecordBinding<?>> bindings = Importer.bindingsOf(new GiftCards());

        assertThat(bindings.get(IssueCard.class)).isNotNull();
        assertThat(bindings.get(IssueCard.class).schema().getFullName()).isEqualTo("annals.gift_cards.IssueCard");
    }
}
