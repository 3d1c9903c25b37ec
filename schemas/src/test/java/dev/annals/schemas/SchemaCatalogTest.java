package dev.annals.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.schemas.SchemaCatalog.InvalidSchemaException;
import dev.annals.schemas.SchemaCatalog.SchemaNotFoundException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaCatalogTest {

    private static final ClassLoader OURS = SchemaCatalogTest.class.getClassLoader();

    @TempDir
    private Path jar;

    @Test
    void a_full_name_and_its_resource_are_the_same_schema() {
        assertThat(SchemaCatalog.load("annals.orders.PayOrder", OURS))
                .isEqualTo(SchemaCatalog.load("/avro/orders/PayOrder.avsc", OURS));
    }

    @Test
    void a_namespace_of_one_part_has_no_folder() {
        assertThat(SchemaCatalog.load("annals.CommandResult", OURS).getFullName())
                .isEqualTo("annals.CommandResult");
    }

    @Test
    void rows_of_one_simple_name_in_two_namespaces_are_apart() throws IOException {
        write("avro/views/LoanRow.avsc", """
                {"type": "record", "name": "LoanRow", "namespace": "annals.views", "fields": []}""");
        write("avro/org/example/library/views/LoanRow.avsc", """
                {"type": "record", "name": "LoanRow", "namespace": "org.example.library.views", "fields": []}""");

        for (String name : new String[] {"annals.views.LoanRow", "org.example.library.views.LoanRow"}) {
            assertThat(SchemaCatalog.load(name, userLoader(null)).getFullName()).isEqualTo(name);
        }
        assertThat(SchemaCatalog.resource("org.example.library.views.LoanRow"))
                .isEqualTo("avro/org/example/library/views/LoanRow.avsc");
    }

    @Test
    void a_type_of_another_folder_is_resolved_by_its_full_name() {
        Schema row = SchemaCatalog.load("annals.views.OrderRow", OURS);

        assertThat(row.getField("lines").schema().getElementType())
                .isEqualTo(SchemaCatalog.load("annals.orders.OrderLine", OURS));
    }

    @Test
    void the_context_class_loader_is_the_default() {
        assertThat(SchemaCatalog.load("annals.orders.PlaceOrder").getName()).isEqualTo("PlaceOrder");
    }

    @Test
    void a_users_jar_has_schemas_that_refer_to_their_siblings_and_to_ours() throws IOException {
        write("avro/parking/Lot.avsc", """
                {"type": "enum", "name": "Lot", "namespace": "com.example.cars", "symbols": ["NORTH"]}""");
        write("avro/parking/Park.avsc", """
                {"type": "record", "name": "Park", "namespace": "com.example.cars", "fields": [
                  {"name": "lot", "type": ["null", "Lot"]},
                  {"name": "again", "type": "com.example.cars.Lot"},
                  {"name": "bought", "type": {"type": "array", "items": "annals.orders.OrderLine"}}]}""");

        Schema park = SchemaCatalog.load("/avro/parking/Park.avsc", userLoader(OURS));

        assertThat(park.getField("again").schema().getEnumSymbols()).containsExactly("NORTH");
        assertThat(park.getField("bought").schema().getElementType().getField("sku"))
                .isNotNull();
    }

    @Test
    void a_type_may_refer_to_itself() throws IOException {
        write("avro/trees/Node.avsc", """
                {"type": "record", "name": "Node", "namespace": "annals.trees", "fields": [
                  {"name": "children", "type": {"type": "array", "items": "Node"}}]}""");

        assertThat(SchemaCatalog.load("annals.trees.Node", userLoader(null)).getName())
                .isEqualTo("Node");
    }

    @Test
    void a_missing_file_is_named() {
        assertThatThrownBy(() -> SchemaCatalog.load("annals.orders.Nothing", OURS))
                .isInstanceOf(SchemaNotFoundException.class)
                .hasMessageContaining("/avro/orders/Nothing.avsc")
                .hasMessageContaining("annals.orders.Nothing");
    }

    @Test
    void a_missing_referenced_type_is_named_with_the_file_that_wants_it() throws IOException {
        write("avro/trees/Node.avsc", """
                {"type": "record", "name": "Node", "namespace": "annals.trees", "fields": [
                  {"name": "leaf", "type": "annals.plants.Leaf"}]}""");

        assertThatThrownBy(() -> SchemaCatalog.load("annals.trees.Node", userLoader(null)))
                .isInstanceOf(SchemaNotFoundException.class)
                .hasMessageContainingAll("/avro/trees/Node.avsc", "annals.plants.Leaf", "/avro/plants/Leaf.avsc");
    }

    @Test
    void a_file_that_declares_another_type_is_refused() throws IOException {
        write("avro/trees/Node.avsc", """
                {"type": "enum", "name": "Node", "namespace": "annals.plants", "symbols": ["A"]}""");

        assertThatThrownBy(() -> SchemaCatalog.load("annals.trees.Node", userLoader(null)))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessageContainingAll("annals.plants.Node", "annals.trees.Node");
    }

    @Test
    void files_that_refer_to_each_other_are_refused() throws IOException {
        write("avro/trees/A.avsc", """
                {"type": "record", "name": "A", "namespace": "annals.trees", "fields": [{"name": "b", "type": "B"}]}""");
        write("avro/trees/B.avsc", """
                {"type": "record", "name": "B", "namespace": "annals.trees", "fields": [{"name": "a", "type": "A"}]}""");

        assertThatThrownBy(() -> SchemaCatalog.load("annals.trees.A", userLoader(null)))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessageContainingAll("circle", "/avro/trees/A.avsc", "/avro/trees/B.avsc");
    }

    @Test
    void broken_json_and_broken_avro_name_the_file() throws IOException {
        write("avro/trees/Cut.avsc", "{\"type\": ");
        write("avro/trees/Odd.avsc", """
                {"type": "enum", "name": "Odd", "namespace": "annals.trees", "symbols": ["not a symbol"]}""");

        for (String name : new String[] {"Cut", "Odd"}) {
            assertThatThrownBy(() -> SchemaCatalog.load("annals.trees." + name, userLoader(null)))
                    .isInstanceOf(InvalidSchemaException.class)
                    .hasMessageContaining("/avro/trees/" + name + ".avsc");
        }
    }

    private void write(String path, String text) throws IOException {
        Path file = jar.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private ClassLoader userLoader(ClassLoader parent) throws IOException {
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, parent);
    }
}
