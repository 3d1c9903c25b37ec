package dev.annals.checker.cluster;

import java.util.List;
import java.util.Map;

/**
 * What an instance runs.
 *
 * @param mainClass of the command service, or of a mutant of it
 * @param jvmOptions beside those of every instance
 * @param settings beside those of every instance
 */
public record ServiceProgram(String mainClass, List<String> jvmOptions, Map<String, String> settings) {

    public ServiceProgram {
        jvmOptions = List.copyOf(jvmOptions);
        settings = Map.copyOf(settings);
    }
}
