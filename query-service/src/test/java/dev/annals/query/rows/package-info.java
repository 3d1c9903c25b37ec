@NullMarked
package dev.annals.query.rows;

import org.jspecify.annotations.NullMarked;
