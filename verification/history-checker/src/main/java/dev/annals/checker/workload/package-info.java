/** Seeded random commands, and the clients that send them and record what they are told. */
@NullMarked
package dev.annals.checker.workload;

import org.jspecify.annotations.NullMarked;
