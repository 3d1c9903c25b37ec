package dev.annals.service;

import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.ProcessManager;
import dev.annals.api.View;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.AvroNames;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.engine.viewregistry.ViewId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The domains that an installation runs: every {@link Domain} on the class path.
 *
 * @param all in the order of their names
 */
public record Domains(List<Domain> all) {

    /** Leaves room for the ids of instances in those of commands. */
    private static final int MAX_PROCESS_NAME = 40;

    private static final String REGISTRATION = "META-INF/services/" + Domain.class.getName();

    /** A view and the aggregate type whose events it folds. */
    public record DomainView(AggregateType<?, ?, ?> aggregate, View<?, ?> view) {}

    public Domains {
        if (all.isEmpty()) {
            throw new StartupException(
                    "no domain on the class path: add a jar with a %s file that names your Domain class"
                            .formatted(REGISTRATION));
        }
        all = all.stream()
                .sorted((a, b) -> a.aggregate().name().compareTo(b.aggregate().name()))
                .toList();
        requireUnique(
                "aggregate type",
                all.stream().map(domain -> domain.aggregate().name()).toList());
        all.stream().flatMap(domain -> domain.views().stream()).forEach(Domains::requireValid);
        requireUnique(
                "view",
                all.stream()
                        .flatMap(domain -> domain.views().stream())
                        .map(View::name)
                        .toList());
        requireOneClassEach(all);
        List<String> processes =
                processesOf(all).stream().map(ProcessManager::name).toList();
        processes.forEach(Domains::requireProcessName);
        requireUnique(
                "aggregate type or process",
                Stream.concat(all.stream().map(domain -> domain.aggregate().name()), processes.stream())
                        .toList());
    }

    private static List<ProcessManager<?>> processesOf(List<Domain> domains) {
        return domains.stream()
                .<ProcessManager<?>>flatMap(domain -> domain.processes().stream())
                .toList();
    }

    /** By the rule for views, and short: it stands in the ids of commands. */
    private static void requireProcessName(String name) {
        if (!View.isName(name) || name.length() > MAX_PROCESS_NAME) {
            throw new StartupException("process '%s': expected lower-case words joined by '-', at most %d characters"
                    .formatted(name, MAX_PROCESS_NAME));
        }
    }

    /** Two classes of one Avro name would have one schema file, whichever jar comes first on the class path. */
    private static void requireOneClassEach(List<Domain> all) {
        Map<String, Class<?>> rows = new HashMap<>();
        for (Domain domain : all) {
            for (View<?, ?> view : domain.views()) {
                String name = AvroNames.ofRow(domain.aggregate(), view.row());
                Class<?> other = rows.putIfAbsent(name, view.row());
                if (other != null && other != view.row()) {
                    throw new StartupException(
                            "%s and %s are both rows with the Avro name %s: give one of their domains a namespace of its own"
                                    .formatted(other.getName(), view.row().getName(), name));
                }
            }
        }
    }

    private static void requireValid(View<?, ?> view) {
        try {
            ViewId unused = ViewId.first(view);
        } catch (IllegalArgumentException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Loads the domains with the context class loader.
     *
     * @throws StartupException if there is none, one can't be made, or two share the name of an aggregate type or a
     *     view
     */
    public static Domains load() {
        try {
            List<Domain> found = new ArrayList<>();
            ServiceLoader.load(Domain.class).forEach(found::add);
            return new Domains(found);
        } catch (ServiceConfigurationError e) {
            throw new StartupException("a domain can't be loaded: " + e.getMessage(), e);
        }
    }

    private static void requireUnique(String what, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new StartupException(
                        "two domains on the class path have the %s '%s': remove one of the jars".formatted(what, name));
            }
        }
    }

    public List<AggregateType<?, ?, ?>> aggregates() {
        return all.stream().<AggregateType<?, ?, ?>>map(Domain::aggregate).toList();
    }

    /** In the order of their domains. */
    public List<ProcessManager<?>> processes() {
        return processesOf(all);
    }

    /**
     * The processes with what they join.
     *
     * @param types the bindings of all {@link #aggregates}
     * @throws StartupException if one joins a type that is not there
     */
    public List<ProcessBinding<?>> processes(Collection<AggregateBinding<?, ?, ?>> types) {
        try {
            return all.stream()
                    .<ProcessBinding<?>>flatMap(domain -> ProcessBinding.of(domain, types).stream())
                    .toList();
        } catch (BindingException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    public List<DomainView> views() {
        List<DomainView> views = new ArrayList<>();
        for (Domain domain : all) {
            domain.views().forEach(view -> views.add(new DomainView(domain.aggregate(), view)));
        }
        return views;
    }
}
