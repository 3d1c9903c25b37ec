package dev.annals.api;

import java.util.List;

/**
 * One aggregate type with its views: the single public entry of a domain jar.
 *
 * <p>Found with {@link java.util.ServiceLoader}: list the implementing class in
 * {@code META-INF/services/dev.annals.api.Domain}. It needs a public constructor without parameters.
 */
public interface Domain {

    AggregateType<?, ?, ?> aggregate();

    List<View<?, ?>> views();
}
