/** A network of our own on this machine, in which links can be cut, lossy and slow. Linux, as root. */
@NullMarked
package dev.annals.checker.network;

import org.jspecify.annotations.NullMarked;
