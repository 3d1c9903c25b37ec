/** What services know of stopped views: {@link dev.annals.service.views.ViewBoard} follows the notes about them. */
@NullMarked
package dev.annals.service.views;

import org.jspecify.annotations.NullMarked;
