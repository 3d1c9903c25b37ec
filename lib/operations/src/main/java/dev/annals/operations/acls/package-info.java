/** The rights of an installation's principals, for whoever gives them. */
@NullMarked
package dev.annals.operations.acls;

import org.jspecify.annotations.NullMarked;
