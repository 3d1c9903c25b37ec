/**
 * Services that are wrong on purpose, to see that the checker finds it. They are made of the real service and of what
 * anybody can plug into it (a serializer, a deserializer, a domain), or of a class of it that is changed while it is
 * loaded, in a main class that only this module has: nothing of the product knows a mutant, and no setting of the
 * product makes one.
 */
@NullMarked
package dev.annals.checker.mutant;

import org.jspecify.annotations.NullMarked;
