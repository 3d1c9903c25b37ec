package dev.annals.operations.doctor;

import dev.annals.operations.doctor.Diagnosis.Check;
import dev.annals.operations.doctor.Diagnosis.Result;
import dev.annals.serde.registry.RegistryException;
import dev.annals.serde.registry.RegistryRefusalException;
import dev.annals.serde.registry.SchemaRegistryClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** Registers schemas under a subject that is taken away again. */
final class RegistryProbe {

    private static final String NAME = "Probe";

    private static final Schema FIRST =
            SchemaBuilder.record(NAME).fields().requiredInt("one").endRecord();

    /** Can't read what was written with the first: it has no value for the second field. */
    private static final Schema UNABLE = SchemaBuilder.record(NAME)
            .fields()
            .requiredInt("one")
            .requiredInt("two")
            .endRecord();

    private RegistryProbe() {}

    static List<Check> run(Map<String, ?> settings, String subject) {
        List<Check> checks = new ArrayList<>();
        try (SchemaRegistryClient registry = SchemaRegistryClient.create(settings)) {
            int id = registry.register(subject, FIRST);
            checks.add(new Check("registry", Result.HOLDS, "registers schemas (got id %d)".formatted(id)));
            checks.add(compatibility(registry, subject));
            registry.delete(subject);
        } catch (RegistryException e) {
            checks.add(new Check("registry", Result.FAILS, String.valueOf(e.getMessage())));
        }
        return checks;
    }

    private static Check compatibility(SchemaRegistryClient registry, String subject) {
        String name = "compatibility";
        try {
            int unused = registry.register(subject, UNABLE);
            return new Check(
                    name,
                    Result.WARNING,
                    "the registry takes a schema that can't read what the one before wrote: set its compatibility to BACKWARD");
        } catch (RegistryRefusalException e) {
            return new Check(name, Result.HOLDS, "a schema that can't read what the one before wrote is refused");
        }
    }
}
