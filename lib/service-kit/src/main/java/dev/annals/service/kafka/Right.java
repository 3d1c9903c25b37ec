package dev.annals.service.kafka;

import java.util.Comparator;
import java.util.Locale;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A right that a principal needs in a cluster: an operation at a resource, as an ACL of Kafka allows it.
 *
 * @param name of the resource, or what names begin with where the pattern is {@link PatternType#PREFIXED}
 */
public record Right(AclOperation operation, ResourceType resource, String name, PatternType pattern)
        implements Comparable<Right> {

    private static final Comparator<Right> ORDER = Comparator.comparing(Right::resource)
            .thenComparing(Right::pattern)
            .thenComparing(Right::name)
            .thenComparing(Right::operation);

    public static Right of(AclOperation operation, ResourcePattern at) {
        return new Right(operation, at.resourceType(), at.name(), at.patternType());
    }

    public ResourcePattern at() {
        return new ResourcePattern(resource, name, pattern);
    }

    boolean isPrefixed() {
        return pattern == PatternType.PREFIXED;
    }

    /** Whether it is a right at a resource of this name. */
    boolean isAt(String found) {
        return isPrefixed() ? found.startsWith(name) : found.equals(name);
    }

    /** Whether brokers take it for {@link AclOperation#DESCRIBE}, too. */
    boolean describes() {
        return switch (operation) {
            case READ, WRITE, DELETE, ALTER, DESCRIBE -> true;
            default -> false;
        };
    }

    @Override
    public int compareTo(Right other) {
        return ORDER.compare(this, other);
    }

    /** As people are told of it: {@code WRITE on topic orders.events}, {@code READ on groups annals-view-orders-*}. */
    @Override
    public String toString() {
        String kind = resource.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return isPrefixed()
                ? "%s on %ss %s*".formatted(operation, kind, name)
                : "%s on %s %s".formatted(operation, kind, name);
    }
}
