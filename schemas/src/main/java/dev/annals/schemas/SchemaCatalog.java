package dev.annals.schemas;

import java.util.Optional;
import org.apache.avro.Schema;

/**
 * Finds Avro schemas on the class path: one {@code .avsc} file a named type, other types referred to by full name.
 *
 * <p>The full name is the path, without our own {@code annals}: the type {@code annals.orders.OrderLine} is the
 * resource {@code /avro/orders/OrderLine.avsc}, and {@code org.example.views.LoanRow} is
 * {@code /avro/org/example/views/LoanRow.avsc}. A type that a file refers to without declaring it is looked for beside
 * that file first, then where its name says.
 *
 * <p>Every call reads and parses anew; callers keep what they load. Safe for use by several threads.
 */
public final class SchemaCatalog {

    private SchemaCatalog() {}

    /**
     * Loads one schema with all types that it refers to.
     *
     * @param resourceOrFullName a resource such as {@code /avro/orders/PayOrder.avsc}, or a full name such as
     *     {@code annals.orders.PayOrder}
     * @param loader sees the jar in which the schemas lie, for a user's domain that of the domain's class
     * @throws SchemaNotFoundException if the file, or one that it refers to, is not on the class path
     * @throws InvalidSchemaException if a file is not a valid Avro schema or does not declare the type that its place
     *     says
     */
    public static Schema load(String resourceOrFullName, ClassLoader loader) {
        return new SchemaLoading(loader).load(resourceOrFullName);
    }

    /** As {@link #load(String, ClassLoader)}, with the thread's context class loader, or else the one of this class. */
    public static Schema load(String resourceOrFullName) {
        return load(
                resourceOrFullName,
                Optional.ofNullable(Thread.currentThread().getContextClassLoader())
                        .orElseGet(SchemaCatalog.class::getClassLoader));
    }

    /** The resource of a type, without a leading slash: {@code avro/orders/PayOrder.avsc}; it need not be there. */
    public static String resource(String fullName) {
        return SchemaResource.ofType(fullName).path();
    }

    /** A schema file that is not on the class path. */
    public static final class SchemaNotFoundException extends RuntimeException {
        SchemaNotFoundException(String message) {
            super(message);
        }
    }

    /** A schema file that cannot be used as it stands. */
    public static final class InvalidSchemaException extends RuntimeException {
        InvalidSchemaException(String message) {
            super(message);
        }

        InvalidSchemaException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
