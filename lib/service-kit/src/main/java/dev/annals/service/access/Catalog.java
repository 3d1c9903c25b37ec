package dev.annals.service.access;

import dev.annals.api.AggregateType;
import dev.annals.api.ProcessManager;
import dev.annals.service.Domains;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an installation has that can be granted: a policy that names anything else has a typing error, and would deny or
 * grant something else than was meant.
 *
 * @param actions with the fields that a row rule can name
 */
record Catalog(Map<Action, Collection<String>> actions) {

    Catalog {
        actions = Map.copyOf(actions);
    }

    static Catalog of(Domains domains) {
        Map<Action, Collection<String>> actions = new HashMap<>();
        for (Action each : List.of(Action.OPERATE, Action.METRICS, Action.READ_ALL_COMMANDS)) {
            actions.put(each, List.of());
        }
        for (AggregateType<?, ?, ?> type : domains.aggregates()) {
            Collection<String> state = fields(type.state());
            actions.put(Action.readAggregate(type.name()), state);
            records(type.commands())
                    .forEach(each -> actions.put(Action.command(type.name(), each.getSimpleName()), state));
        }
        for (Domains.DomainView each : domains.views()) {
            actions.put(
                    Action.readView(each.view().name()), fields(each.view().row()));
        }
        for (ProcessManager<?> process : domains.processes()) {
            actions.put(Action.readProcess(process.name()), List.of());
        }
        return new Catalog(actions);
    }

    private static Stream<Class<?>> records(Class<?> sealed) {
        return sealed.isRecord()
                ? Stream.of(sealed)
                : Stream.of(sealed.getPermittedSubclasses()).flatMap(Catalog::records);
    }

    private static Collection<String> fields(Class<?> record) {
        return Stream.of(record.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    /** What is wrong with a grant; null for nothing. */
    @Nullable String wrong(Policy.Grant grant) {
        Policy.Rule rule = grant.rule();
        List<Action> covered = actions.keySet().stream().filter(grant::covers).toList();
        if (covered.isEmpty()) {
            return rule == null
                    ? "there is no such action; there are: " + names()
                    : "no such action has a " + rule.of().prefix();
        }
        if (rule == null) {
            return null;
        }
        return covered.stream()
                .filter(each -> !actions.getOrDefault(each, List.of()).contains(rule.field()))
                .findFirst()
                .map(each -> "the %s of %s has no field %s; there are: %s"
                        .formatted(
                                rule.of().prefix(),
                                each.name(),
                                rule.field(),
                                String.join(", ", actions.getOrDefault(each, List.of()))))
                .orElse(null);
    }

    private String names() {
        return actions.keySet().stream()
                .map(Action::name)
                .collect(Collectors.toCollection(TreeSet::new))
                .toString();
    }
}
