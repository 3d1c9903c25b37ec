package dev.annals.api;

import java.util.List;

/**
 * One aggregate type with its views and processes: the single public entry of a domain jar.
 *
 * <p>Found with {@link java.util.ServiceLoader}: list the implementing class in
 * {@code META-INF/services/dev.annals.api.Domain}. It needs a public constructor without parameters. The jar goes on
 * the class path of the services, or into the folder {@code domains} of the data of {@code annals up}. Avro schemas are
 * in the jar too: the test kit records them.
 */
public interface Domain {

    AggregateType<?, ?, ?> aggregate();

    List<View<?, ?>> views();

    /** Processes that join this type with others, which must be there too. */
    default List<ProcessManager<?>> processes() {
        return List.of();
    }
}
