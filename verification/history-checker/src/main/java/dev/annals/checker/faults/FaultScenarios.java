package dev.annals.checker.faults;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All scenarios. */
public final class FaultScenarios {

    private static final List<FaultScenario> ALL = Stream.of(
                    LostBrokers.scenarios(),
                    BrokenLinks.scenarios(),
                    List.of(
                            QueryCut.scenario(),
                            new WrongClocks(),
                            BrokerDiskFull.scenario(),
                            StoreDiskFull.scenario(),
                            new SlowFsync(),
                            RegistryAway.scenario(),
                            RegistryEmpty.scenario(),
                            TopicDeleted.scenario(),
                            UncleanElection.scenario(),
                            RetentionSet.scenario(),
                            PartitionsAdded.scenario(),
                            new OutOfMemory(),
                            StoreDamaged.scenario()))
            .flatMap(List::stream)
            .toList();

    private FaultScenarios() {}

    public static List<FaultScenario> all() {
        return ALL;
    }

    /** @throws IllegalArgumentException if there is none of this name; the message has all names */
    public static FaultScenario named(String name) {
        return ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fault '%s': expected one of %s"
                        .formatted(name, ALL.stream().map(FaultScenario::name).collect(Collectors.joining(", ")))));
    }
}
