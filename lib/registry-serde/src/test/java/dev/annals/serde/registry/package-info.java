/** Tests of the registry client, against a fake over HTTP and a real Apicurio Registry. */
@NullMarked
package dev.annals.serde.registry;

import org.jspecify.annotations.NullMarked;
