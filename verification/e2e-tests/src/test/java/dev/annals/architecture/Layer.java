package dev.annals.architecture;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Where a module stands, and what it may use: layers named before it, and never a module of its own layer, but for
 * domains that another one joins ({@link Modules#mayJoin}).
 */
enum Layer {
    SCHEMAS,
    API,
    REGISTRY_SERDE,
    EMBEDDED,
    ENGINE(SCHEMAS, API, REGISTRY_SERDE),
    COMMAND_ENGINE(SCHEMAS, API, REGISTRY_SERDE, ENGINE),
    TESTKIT(SCHEMAS, API, REGISTRY_SERDE, ENGINE),
    TEST_SUPPORT(SCHEMAS, API, REGISTRY_SERDE, ENGINE, EMBEDDED),
    DOMAIN(API),
    SERVICE_KIT(SCHEMAS, API, REGISTRY_SERDE, ENGINE),
    OPERATIONS(SCHEMAS, API, REGISTRY_SERDE, ENGINE, SERVICE_KIT),
    SERVICE(SCHEMAS, API, REGISTRY_SERDE, ENGINE, COMMAND_ENGINE, SERVICE_KIT, OPERATIONS),
    IMPORTS(SCHEMAS, API, REGISTRY_SERDE, ENGINE, SERVICE_KIT, DOMAIN, OPERATIONS),
    QUICKSTART(SCHEMAS, API, REGISTRY_SERDE, EMBEDDED, ENGINE, DOMAIN, SERVICE_KIT, SERVICE),
    SUPPLY_CHAIN,
    CLI(
            SCHEMAS,
            API,
            REGISTRY_SERDE,
            EMBEDDED,
            ENGINE,
            SERVICE_KIT,
            SERVICE,
            OPERATIONS,
            IMPORTS,
            QUICKSTART,
            SUPPLY_CHAIN), // only for its build
    HISTORY_CHECKER(
            SCHEMAS,
            API,
            REGISTRY_SERDE,
            EMBEDDED,
            ENGINE,
            COMMAND_ENGINE,
            TEST_SUPPORT,
            DOMAIN,
            SERVICE_KIT,
            SERVICE,
            OPERATIONS), // for the rights that are printed
    E2E_TESTS(
            SCHEMAS,
            API,
            REGISTRY_SERDE,
            EMBEDDED,
            ENGINE,
            COMMAND_ENGINE,
            DOMAIN,
            SERVICE_KIT,
            SERVICE,
            OPERATIONS,
            IMPORTS,
            QUICKSTART,
            SUPPLY_CHAIN,
            CLI,
            HISTORY_CHECKER),
    CONTAINERS(
            SCHEMAS,
            API,
            REGISTRY_SERDE,
            EMBEDDED,
            ENGINE,
            DOMAIN,
            SERVICE_KIT,
            SERVICE,
            OPERATIONS,
            IMPORTS,
            QUICKSTART,
            CLI),
    BENCHMARKS(
            SCHEMAS,
            API,
            REGISTRY_SERDE,
            EMBEDDED,
            ENGINE,
            COMMAND_ENGINE,
            TEST_SUPPORT,
            DOMAIN,
            SERVICE_KIT,
            SERVICE,
            OPERATIONS,
            QUICKSTART,
            CLI);

    private static final Set<Layer> FOR_TESTS = EnumSet.of(EMBEDDED, TESTKIT, TEST_SUPPORT);

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Layer> uses;

    Layer(Layer... uses) {
        this.uses = List.of(uses);
    }

    /** What authors write and what they write against: no library, whose class path would be theirs too. */
    boolean isPure() {
        return this == API || this == DOMAIN;
    }

    boolean mayUse(Layer other) {
        return uses.contains(other);
    }

    /**
     * A service and the command line run with domains that their code must not know: adding a domain changes neither.
     */
    boolean mayRunWith(Layer other) {
        return mayUse(other) || ((this == SERVICE || this == CLI) && other == DOMAIN);
    }

    boolean mayTestWith(Layer other) {
        return mayRunWith(other)
                || (this != EMBEDDED && FOR_TESTS.contains(other))
                || (this == OPERATIONS && other == DOMAIN)
                || (this == CONTAINERS && other == E2E_TESTS); // only to run after them
    }
}
