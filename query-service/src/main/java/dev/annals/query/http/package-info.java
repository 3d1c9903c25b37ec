/**
 * The routes of the query service, and its OpenAPI document. Called by the server's threads; everything here is
 * thread-safe. Uses all packages beside it, and none of them uses it.
 */
@NullMarked
package dev.annals.query.http;

import org.jspecify.annotations.NullMarked;
