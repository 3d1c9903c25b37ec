package dev.annals.engine.evolution;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Events as earlier releases of the carts wrote them, with the schemas of then. */
final class OldEvents {

    private static final Schema ITEM_ADDED = schema("ItemAdded", """
            {"name": "sku", "type": "string"}, {"name": "pieces", "type": "int"}""");
    private static final Schema NAME_CHANGED = schema("NameChanged", """
            {"name": "name", "type": "string"}""");
    private static final Schema PLACE = schema("Place", """
            {"name": "street", "type": "string"}, {"name": "city", "type": "string"}""");
    private static final Schema ADDRESSES_GIVEN = schema("AddressesGiven", """
            {"name": "main", "type": ["null", %s], "default": null},
            {"name": "others", "type": {"type": "array", "items": "Place"}}""".formatted(PLACE));

    /** An old shape with the name of an event of today. */
    record LabelChanged(String label) {}

    private OldEvents() {}

    private static Schema schema(String name, String fields) {
        return new Schema.Parser().parse("""
                {"type": "record", "name": "%s", "namespace": "annals.carts", "fields": [%s]}""".formatted(name, fields));
    }

    private static GenericRecord record(Schema schema, Object... values) {
        GenericRecord record = new GenericData.Record(schema);
        for (int i = 0; i < values.length; i++) {
            record.put(i, values[i]);
        }
        return record;
    }

    static GenericRecord itemAdded(String sku, int pieces) {
        return record(ITEM_ADDED, sku, pieces);
    }

    static GenericRecord nameChanged(String name) {
        return record(NAME_CHANGED, name);
    }

    static GenericRecord addressesGiven(String street, String city) {
        GenericRecord place = record(PLACE, street, city);
        return record(ADDRESSES_GIVEN, place, List.of(place));
    }

    static GenericRecord itemSwapped(String given, String taken) {
        return record(schema("ItemSwapped", """
                {"name": "given", "type": "string"}, {"name": "taken", "type": "string"}"""), given, taken);
    }

    static GenericRecord cartLookedAt(String visitor) {
        return record(schema("CartLookedAt", """
                {"name": "visitor", "type": "string"}"""), visitor);
    }

    static GenericRecord itemPut(String what) {
        return record(schema("ItemPut", """
                {"name": "what", "type": "string"}"""), what);
    }

    static GenericRecord itemPutInPieces(String sku, int pieces) {
        return record(schema("ItemPutInPieces", """
                {"name": "sku", "type": "string"}, {"name": "pieces", "type": "int"}"""), sku, pieces);
    }
}
