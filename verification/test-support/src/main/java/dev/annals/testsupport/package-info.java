/**
 * What the tests of several modules share; only ever in scope {@code test}, and nothing that authors of domains need.
 */
@NullMarked
package dev.annals.testsupport;

import org.jspecify.annotations.NullMarked;
