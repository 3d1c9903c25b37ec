package dev.annals.architecture;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Where a module stands, and what it may use: layers named before it, and never a module of its own layer. */
enum Layer {
    SCHEMAS,
    REGISTRY_SERDE,
    EMBEDDED,
    CORE(SCHEMAS, REGISTRY_SERDE),
    CORE_TESTKIT(SCHEMAS, REGISTRY_SERDE, CORE, EMBEDDED),
    DOMAIN(CORE),
    SERVICE_KIT(SCHEMAS, REGISTRY_SERDE, CORE),
    SERVICE(SCHEMAS, REGISTRY_SERDE, CORE, SERVICE_KIT),
    QUICKSTART(SCHEMAS, REGISTRY_SERDE, EMBEDDED, CORE, DOMAIN, SERVICE_KIT, SERVICE),
    CLI(SCHEMAS, REGISTRY_SERDE, EMBEDDED, CORE, DOMAIN, SERVICE_KIT, SERVICE, QUICKSTART),
    HISTORY_CHECKER(SCHEMAS, REGISTRY_SERDE, EMBEDDED, CORE, DOMAIN, SERVICE_KIT, SERVICE),
    E2E_TESTS(SCHEMAS, REGISTRY_SERDE, EMBEDDED, CORE, DOMAIN, SERVICE_KIT, SERVICE, QUICKSTART, CLI, HISTORY_CHECKER),
    BENCHMARKS(SCHEMAS, REGISTRY_SERDE, EMBEDDED, CORE, DOMAIN, SERVICE_KIT, SERVICE, QUICKSTART, CLI);

    private static final Set<Layer> FOR_TESTS = EnumSet.of(EMBEDDED, CORE_TESTKIT);

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Layer> uses;

    Layer(Layer... uses) {
        this.uses = List.of(uses);
    }

    boolean mayUse(Layer other) {
        return uses.contains(other);
    }

    /** A service runs with domains that its code must not know: adding a domain changes no service. */
    boolean mayRunWith(Layer other) {
        return mayUse(other) || (this == SERVICE && other == DOMAIN);
    }

    boolean mayTestWith(Layer other) {
        return mayRunWith(other) || (this != EMBEDDED && FOR_TESTS.contains(other));
    }
}
