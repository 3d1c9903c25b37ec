/** How the commands that speak to Kafka and the schema registry themselves find and reach them. */
@NullMarked
package dev.annals.cli.kafka;

import org.jspecify.annotations.NullMarked;
