/**
 * Access control: who asks, by a token of an OpenID provider, and what a policy lets them do. Knows nothing of HTTP.
 */
@NullMarked
package dev.annals.service.access;

import org.jspecify.annotations.NullMarked;
