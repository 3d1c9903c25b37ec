/** Whether a Kafka cluster and a schema registry hold what an installation needs of them. */
@NullMarked
package dev.annals.operations.doctor;

import org.jspecify.annotations.NullMarked;
