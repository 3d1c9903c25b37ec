@NullMarked
package dev.annals.query.table;

import org.jspecify.annotations.NullMarked;
