/**
 * Talking to a schema registry over the REST API that Confluent Schema Registry, Apicurio ({@code /apis/ccompat/v7})
 * and Karapace share.
 */
@NullMarked
package dev.annals.serde.registry;

import org.jspecify.annotations.NullMarked;
