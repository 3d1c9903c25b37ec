@NullMarked
package io.confluent.kafka.schemaregistry.client.rest.exceptions;

import org.jspecify.annotations.NullMarked;
