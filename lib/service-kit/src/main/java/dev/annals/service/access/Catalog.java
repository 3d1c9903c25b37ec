package dev.annals.service.access;

import dev.annals.api.AggregateType;
import dev.annals.service.Domains;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an installation has that can be granted: a policy that names anything else has a typing error, and would deny or
 * grant something else than was meant.
 *
 * @param actions with the fields that a rule can name
 */
record Catalog(Map<Action, List<String>> actions) {

    private static final String ID = "id";

    Catalog {
        actions = Map.copyOf(actions);
    }

    static Catalog of(Domains domains) {
        Map<Action, List<String>> actions = new HashMap<>();
        for (Action each : List.of(Action.OPERATE, Action.METRICS, Action.READ_COMMANDS)) {
            actions.put(each, List.of());
        }
        for (AggregateType<?, ?, ?> type : domains.aggregates()) {
            List<String> state = fields(type.state());
            actions.put(Action.readAggregates(type.name()), state);
            records(type.commands())
                    .forEach(each -> actions.put(Action.command(type.name(), each.getSimpleName()), state));
        }
        domains.views()
                .forEach(each -> actions.put(
                        Action.readRows(each.view().name()), fields(each.view().row())));
        domains.processes().forEach(each -> actions.put(Action.readProcess(each.name()), List.of()));
        return new Catalog(actions);
    }

    private static Stream<Class<?>> records(Class<?> sealed) {
        return sealed.isRecord()
                ? Stream.of(sealed)
                : Stream.of(sealed.getPermittedSubclasses()).flatMap(Catalog::records);
    }

    /** Whatever has fields has an id too. */
    private static List<String> fields(Class<?> record) {
        return Stream.concat(
                        Stream.of(ID), Stream.of(record.getRecordComponents()).map(RecordComponent::getName))
                .distinct()
                .toList();
    }

    /** @throws IllegalArgumentException if it grants what is not there, or its rule can't be kept */
    void require(Policy.Grant grant) {
        Set<Action> covered = actions.keySet().stream().filter(grant::covers).collect(Collectors.toSet());
        Policy.Rule rule = grant.rule();
        if (covered.isEmpty()) {
            throw new IllegalArgumentException(
                    rule == null || actions.keySet().stream().noneMatch(new Policy.Grant(grant.pattern(), null)::covers)
                            ? "there is no action '%s'; there are %s".formatted(grant.pattern(), names())
                            : "'%s' is about no %s"
                                    .formatted(grant.pattern(), rule.of().prefix()));
        }
        if (rule != null) {
            covered.forEach(each -> requireField(each, rule));
        }
    }

    private void requireField(Action action, Policy.Rule rule) {
        List<String> fields = actions.getOrDefault(action, List.of());
        if (!fields.contains(rule.field())) {
            throw new IllegalArgumentException("the %s of '%s' has no field %s; there are %s"
                    .formatted(rule.of().prefix(), action.name(), rule.field(), fields));
        }
    }

    private Set<String> names() {
        return actions.keySet().stream().map(Action::name).collect(Collectors.toCollection(TreeSet::new));
    }
}
