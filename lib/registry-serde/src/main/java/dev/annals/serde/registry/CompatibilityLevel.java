package dev.annals.serde.registry;

/**
 * What a new version of a subject is checked against. Confluent's default is {@link #BACKWARD}; Apicurio's is
 * {@link #NONE}.
 */
public enum CompatibilityLevel {
    NONE,
    BACKWARD,
    BACKWARD_TRANSITIVE,
    FORWARD,
    FORWARD_TRANSITIVE,
    FULL,
    FULL_TRANSITIVE
}
