package dev.annals.checker.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a process runs.
 *
 * @param host the address that it listens on and is reached at
 * @param launcher what stands before {@code java}: {@code ip netns exec NAME}, {@code env NAME=VALUE}
 * @param jvmOptions beside those that it has anyway, and stronger
 * @param settings of the broker or the service, likewise; a registry has none
 * @param folder of its data, where that is not the installation's; its log stays there
 */
public record Placement(
        String host,
        List<String> launcher,
        List<String> jvmOptions,
        Map<String, String> settings,
        @Nullable Path folder) {

    /** As a process runs of which nothing is said. */
    public static final Placement LOOPBACK = new Placement("127.0.0.1", List.of(), List.of(), Map.of(), null);

    public Placement {
        launcher = List.copyOf(launcher);
        jvmOptions = List.copyOf(jvmOptions);
        settings = Map.copyOf(settings);
    }

    public Placement at(String newHost, List<String> newLauncher) {
        return new Placement(newHost, newLauncher, jvmOptions, settings, folder);
    }

    /** Nearer to {@code java} than what stands there already. */
    public Placement withLauncher(List<String> more) {
        List<String> all = new ArrayList<>(launcher);
        all.addAll(more);
        return new Placement(host, all, jvmOptions, settings, folder);
    }

    public Placement withJvmOptions(List<String> newOptions) {
        return new Placement(host, launcher, newOptions, settings, folder);
    }

    public Placement with(String setting, String value) {
        Map<String, String> all = new HashMap<>(settings);
        all.put(setting, value);
        return new Placement(host, launcher, jvmOptions, all, folder);
    }

    public Placement in(Path newFolder) {
        return new Placement(host, launcher, jvmOptions, settings, newFolder);
    }

    Path folder(Path usual) {
        return folder == null ? usual : folder;
    }
}
