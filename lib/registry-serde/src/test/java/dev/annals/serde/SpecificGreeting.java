package dev.annals.serde;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** What Avro's code generator makes of a schema with its default string type, without the comforts. */
public final class SpecificGreeting extends SpecificRecordBase {

    private static final long serialVersionUID = 1L;

    public static final Schema SCHEMA$ = Schemas.parse("""
            {"type": "record", "name": "SpecificGreeting", "namespace": "dev.annals.serde",
             "fields": [{"name": "text", "type": "string"}, {"name": "tone", "type": "string", "default": "warm"}]}""");

    private static final SpecificData MODEL$ = new SpecificData();

    private @Nullable CharSequence text;
    private @Nullable CharSequence tone;

    /** For Avro. */
    public SpecificGreeting() {}

    SpecificGreeting(CharSequence text, CharSequence tone) {
        this.text = text;
        this.tone = tone;
    }

    @Override
    public SpecificData getSpecificData() {
        return MODEL$;
    }

    @Override
    public Schema getSchema() {
        return SCHEMA$;
    }

    @Override
    public Object get(int field) {
        return field == 0 ? text : tone;
    }

    @Override
    public void put(int field, Object value) {
        if (field == 0) {
            text = (CharSequence) value;
        } else {
            tone = (CharSequence) value;
        }
    }
}
