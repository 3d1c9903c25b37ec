package dev.annals.checker.check;

/**
 * A rule that does not hold.
 *
 * @param where the aggregate, or the part of the system
 * @param detail what was found and what was expected
 */
public record Finding(Rule rule, String where, String detail) {

    @Override
    public String toString() {
        return "%s %s: %s".formatted(rule, where, detail);
    }
}
