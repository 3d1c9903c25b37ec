package dev.annals.operations;

import dev.annals.api.Domain;
import dev.annals.api.View;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.reacting.ProcessBinding;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Domains of an installation as its services find them: those on the class path, and the jars in its data folder.
 * Operations fold with their code. Immutable.
 */
public final class InstalledDomains {

    private static final Logger LOG = LoggerFactory.getLogger(InstalledDomains.class);

    private final SortedMap<String, AggregateBinding<?, ?, ?>> types = new TreeMap<>();
    private final Map<String, InstalledView> views = new LinkedHashMap<>();
    private final SortedMap<String, ProcessBinding<?>> processes = new TreeMap<>();

    /** A view, and the binding of the type to which it belongs. */
    public record InstalledView(View<?, ?> view, AggregateBinding<?, ?, ?> own) {}

    /** @throws OperationFailedException if a record of a domain does not fit its schema */
    public InstalledDomains(Iterable<Domain> domains) {
        domains.forEach(this::add);
        domains.forEach(this::addProcesses); // which join types of any
    }

    private void add(Domain domain) {
        try {
            AggregateBinding<?, ?, ?> binding = AggregateBinding.of(domain.aggregate());
            types.put(domain.aggregate().name(), binding);
            domain.views().forEach(view -> views.put(view.name(), new InstalledView(view, binding)));
        } catch (BindingException e) {
            throw unusable(domain, e);
        }
    }

    private void addProcesses(Domain domain) {
        try {
            ProcessBinding.of(domain, types.values()).forEach(process -> processes.put(process.name(), process));
        } catch (BindingException e) {
            throw unusable(domain, e);
        }
    }

    private static OperationFailedException unusable(Domain domain, BindingException why) {
        return new OperationFailedException(
                "the domain %s can't be used: %s".formatted(domain.getClass().getName(), why.getMessage()), why);
    }

    /**
     * Loads them, and logs from which jars.
     *
     * @param jars of domains beside those of the distribution; what is in them runs with all that this process may do
     * @throws OperationFailedException if one can't be loaded
     */
    public static InstalledDomains load(List<Path> jars) {
        if (!jars.isEmpty()) {
            LOG.atInfo().log(
                    "domains are loaded from {}",
                    jars.stream().map(Path::toString).collect(Collectors.joining(", ")));
        }
        URL[] urls = jars.stream().map(InstalledDomains::url).toArray(URL[]::new);
        // Stays open as long as the command runs: the classes of a domain load others when they are used.
        ClassLoader loader = new URLClassLoader(urls, InstalledDomains.class.getClassLoader());
        try {
            List<Domain> found = new ArrayList<>();
            ServiceLoader.load(Domain.class, loader).forEach(found::add);
            return new InstalledDomains(found);
        } catch (ServiceConfigurationError e) {
            throw new OperationFailedException("a domain can't be loaded: " + e.getMessage(), e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new OperationFailedException("the jar %s has no address: %s".formatted(jar, e.getMessage()), e);
        }
    }

    /** In the order of their names. */
    public SortedMap<String, AggregateBinding<?, ?, ?>> types() {
        return Collections.unmodifiableSortedMap(types);
    }

    public Map<String, InstalledView> views() {
        return Collections.unmodifiableMap(views);
    }

    /** In the order of their names. */
    public SortedMap<String, ProcessBinding<?>> processes() {
        return Collections.unmodifiableSortedMap(processes);
    }

    /**
     * Those of these names, or all where none is named.
     *
     * @throws OperationFailedException if one is not there
     */
    public List<AggregateBinding<?, ?, ?>> named(List<String> names) {
        if (names.isEmpty()) {
            return List.copyOf(types.values());
        }
        List<AggregateBinding<?, ?, ?>> named = new ArrayList<>();
        for (String name : names) {
            AggregateBinding<?, ?, ?> type = types.get(name);
            if (type == null) {
                throw new OperationFailedException(
                        "there is no aggregate type %s; there are: %s. Is the jar of its domain where the services find it?"
                                .formatted(name, String.join(", ", types.keySet())));
            }
            named.add(type);
        }
        return named;
    }
}
