package dev.annals.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The modules of the root pom.
 *
 * @param root the repository
 * @param byArtifact in the order of their names
 */
record Modules(Path root, Map<String, Module> byArtifact) {

    /** Domains with a process that joins others: what it follows and sends are their events and commands. */
    private static final Map<String, Set<String>> JOINED = Map.of(
            "domains/seats", Set.of("domains/orders", "domains/accounts"),
            "domains/flight-identities", Set.of("domains/flights"));

    /**
     * A module of ours.
     *
     * @param path from the root, for instance {@code domains/orders}
     * @param name first part of its packages behind {@code dev.annals}; of a domain, without hyphens
     */
    record Module(String path, Pom pom, Layer layer, String name) {

        static Module of(String path, Pom pom) {
            if (path.startsWith("domains/")) {
                return new Module(
                        path,
                        pom,
                        Layer.DOMAIN,
                        path.substring("domains/".length()).replace("-", ""));
            }
            return switch (path) {
                case "schemas" -> new Module(path, pom, Layer.SCHEMAS, "schemas");
                case "lib/api" -> new Module(path, pom, Layer.API, "api");
                case "lib/registry-serde" -> new Module(path, pom, Layer.REGISTRY_SERDE, "serde");
                case "lib/engine" -> new Module(path, pom, Layer.ENGINE, "engine");
                case "lib/command-engine" -> new Module(path, pom, Layer.COMMAND_ENGINE, "lanes");
                case "lib/testkit" -> new Module(path, pom, Layer.TESTKIT, "testkit");
                case "lib/service-kit" -> new Module(path, pom, Layer.SERVICE_KIT, "service");
                case "command-service" -> new Module(path, pom, Layer.SERVICE, "command");
                case "projector-service" -> new Module(path, pom, Layer.SERVICE, "projector");
                case "query-service" -> new Module(path, pom, Layer.SERVICE, "query");
                case "process-service" -> new Module(path, pom, Layer.SERVICE, "process");
                case "console" -> new Module(path, pom, Layer.SERVICE, "console");
                case "tools/embedded" -> new Module(path, pom, Layer.EMBEDDED, "embedded");
                case "lib/operations" -> new Module(path, pom, Layer.OPERATIONS, "operations");
                case "tools/imports" -> new Module(path, pom, Layer.IMPORTS, "imports");
                case "tools/quickstart" -> new Module(path, pom, Layer.QUICKSTART, "quickstart");
                case "tools/supply-chain" -> new Module(path, pom, Layer.SUPPLY_CHAIN, "supplychain");
                case "tools/cli" -> new Module(path, pom, Layer.CLI, "cli");
                case "verification/test-support" -> new Module(path, pom, Layer.TEST_SUPPORT, "testsupport");
                case "verification/history-checker" -> new Module(path, pom, Layer.HISTORY_CHECKER, "checker");
                case "verification/e2e-tests" -> new Module(path, pom, Layer.E2E_TESTS, "e2e");
                case "verification/containers" -> new Module(path, pom, Layer.CONTAINERS, "containers");
                case "verification/benchmarks" -> new Module(path, pom, Layer.BENCHMARKS, "benchmarks");
                default ->
                    throw new AssertionError("module %s has no place in the one direction: give it one in %s"
                            .formatted(path, Modules.class.getName()));
            };
        }
    }

    /** Whether a domain's pom may name another one. */
    static boolean mayJoin(Module domain, Module other) {
        return JOINED.getOrDefault(domain.path(), Set.of()).contains(other.path());
    }

    /** The domains that a module's pom names, where it is a domain itself. */
    List<Module> joinedBy(Module module) {
        return module.pom().dependencies().stream()
                .filter(Pom.Dependency::isMain)
                .map(dependency -> byArtifact.get(dependency.artifactId()))
                .filter(other -> other != null && module.layer() == Layer.DOMAIN && other.layer() == Layer.DOMAIN)
                .toList();
    }

    static Modules read() throws IOException {
        Path root = findRoot();
        Map<String, Module> modules = new TreeMap<>();
        for (String path : Pom.parse(Files.readString(root.resolve("pom.xml"))).modules()) {
            Pom pom = Pom.parse(Files.readString(root.resolve(path).resolve("pom.xml")));
            modules.put(pom.artifactId(), Module.of(path, pom));
        }
        return new Modules(root, modules);
    }

    private static Path findRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    List<Module> in(Layer layer) {
        return byArtifact.values().stream()
                .filter(module -> module.layer() == layer)
                .toList();
    }

    Map<String, Module> byName() {
        return byArtifact.values().stream().collect(Collectors.toMap(Module::name, Function.identity()));
    }
}
