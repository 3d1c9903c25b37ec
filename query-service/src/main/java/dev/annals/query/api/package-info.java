/**
 * The requests of the query service. A request is answered where the partition is; other instances pass it on once.
 */
@NullMarked
package dev.annals.query.api;

import org.jspecify.annotations.NullMarked;
