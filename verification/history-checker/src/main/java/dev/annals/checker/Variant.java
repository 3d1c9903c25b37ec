package dev.annals.checker;

/** How an installation is reached, beside topics and HTTP as they are by default. */
enum Variant {
    PLAIN,
    /** This JVM embeds an instance too, whose gateway clients call. */
    WITH_GATEWAY,
    /** Users, rights and TLS of Kafka; tokens, a policy and TLS over HTTP; instances that know each other. */
    SECURED
}
