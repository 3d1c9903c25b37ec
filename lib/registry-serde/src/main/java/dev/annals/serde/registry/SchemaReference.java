package dev.annals.serde.registry;

/**
 * A named type that a registered schema uses and another subject defines.
 *
 * @param name full name of the type
 * @param subject where it is registered
 * @param version version under that subject, from 1
 */
public record SchemaReference(String name, String subject, int version) {}
