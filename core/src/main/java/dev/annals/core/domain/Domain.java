package dev.annals.core.domain;

import dev.annals.core.projection.View;
import java.util.List;

/**
 * One aggregate type with its views: the single public entry of a domain jar.
 *
 * <p>Found with {@link java.util.ServiceLoader}: list the implementing class in
 * {@code META-INF/services/dev.annals.core.domain.Domain}. It needs a public constructor without parameters.
 */
public interface Domain {

    AggregateType<?, ?, ?> aggregate();

    List<View<?, ?>> views();
}
