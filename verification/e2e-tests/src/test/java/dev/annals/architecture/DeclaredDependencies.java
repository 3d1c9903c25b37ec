package dev.annals.architecture;

import dev.annals.architecture.Modules.Module;
import dev.annals.architecture.Pom.Dependency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rule for what a pom may declare; also finds what is declared and never used. */
record DeclaredDependencies(Map<String, Module> modules) {

    /** What is against the direction, in words; empty if nothing is. */
    List<String> violations(Module module) {
        List<String> violations = new ArrayList<>();
        for (Dependency dependency : module.pom().dependencies()) {
            if (!isAllowed(module, dependency)) {
                violations.add("%s must not depend on %s with scope %s"
                        .formatted(module.path(), dependency.artifactId(), dependency.scope()));
            }
        }
        return violations;
    }

    private boolean isAllowed(Module module, Dependency dependency) {
        if (!dependency.isOurs()) {
            return !module.layer().isPure() || !dependency.isMain();
        }
        Module other = modules.get(dependency.artifactId());
        if (other == null) {
            return false;
        }
        return switch (dependency.scope()) {
            case "test" -> module.layer().mayTestWith(other.layer());
            case "runtime" -> module.layer().mayRunWith(other.layer());
            default -> module.layer().mayUse(other.layer()) || Modules.mayJoin(module, other);
        };
    }
}
