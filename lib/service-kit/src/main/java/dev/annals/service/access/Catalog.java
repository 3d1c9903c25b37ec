package dev.annals.service.access;

import dev.annals.api.AggregateType;
import dev.annals.service.Domains;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What an installation has that can be granted: a policy that names anything else has a typing error, and would deny or
 * grant something else than was meant.
 *
 * @param actions by their names
 */
record Catalog(Set<String> actions) {

    static Catalog of(Domains domains) {
        Set<String> names = new TreeSet<>();
        for (Action each : List.of(Action.OPERATE, Action.METRICS, Action.READ_COMMANDS)) {
            names.add(each.name());
        }
        for (AggregateType<?, ?, ?> type : domains.aggregates()) {
            names.add(Action.read(type.name()).name());
            records(type.commands())
                    .forEach(each -> names.add(
                            Action.command(type.name(), each.getSimpleName()).name()));
        }
        domains.views()
                .forEach(each -> names.add(Action.read(each.view().name()).name()));
        domains.processes().forEach(each -> names.add(Action.read(each.name()).name()));
        return new Catalog(names);
    }

    private static Stream<Class<?>> records(Class<?> sealed) {
        return sealed.isRecord()
                ? Stream.of(sealed)
                : Stream.of(sealed.getPermittedSubclasses()).flatMap(Catalog::records);
    }

    boolean has(Policy.Grant grant) {
        return actions.stream().anyMatch(grant::covers);
    }
}
