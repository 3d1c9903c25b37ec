package dev.annals.serde;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.Decoder;

/**
 * Avro's generic data model whose readers make each string a {@link String}, without asking the schema; Avro's fast
 * reader would ask it.
 */
final class GenericStrings extends GenericData {

    static final GenericStrings MODEL = new GenericStrings();

    private GenericStrings() {
        setFastReaderEnabled(false);
    }

    @Override
    public DatumReader<Object> createDatumReader(Schema writer, Schema reader) {
        return new Reader(writer, reader);
    }

    private static final class Reader extends GenericDatumReader<Object> {
        Reader(Schema writer, Schema reader) {
            super(writer, reader, MODEL);
        }

        @Override
        protected Object readString(Object old, Schema expected, Decoder in) throws IOException {
            return in.readString();
        }
    }
}
