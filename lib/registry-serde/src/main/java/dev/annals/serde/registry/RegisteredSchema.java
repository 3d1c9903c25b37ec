package dev.annals.serde.registry;

import org.apache.avro.Schema;

/**
 * A schema as a subject holds it.
 *
 * @param version under the subject, from 1
 * @param id unique in the registry; what a record on the wire carries
 * @param schema with its references resolved
 */
public record RegisteredSchema(String subject, int version, int id, Schema schema) {}
