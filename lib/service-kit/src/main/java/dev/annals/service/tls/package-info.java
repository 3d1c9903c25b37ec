/** Transport Layer Security: certificates from PEM files, for those who listen and those who ask. */
@NullMarked
package dev.annals.service.tls;

import org.jspecify.annotations.NullMarked;
