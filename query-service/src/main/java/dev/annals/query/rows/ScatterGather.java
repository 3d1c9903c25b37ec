package dev.annals.query.rows;

import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.Router;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.TopicTable;
import dev.annals.service.http.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Scatter and gather: one page from several instances, each partition from its owner or, where that does not answer,
 * from a standby. All partitions or none: a page never lacks one silently. For one thread, once.
 */
final class ScatterGather {

    private record Source(HostInfo instance, boolean standby) {}

    private final PageQuery query;
    private final Scan scan;
    private final TopicTable table;
    private final Set<HostInfo> silent = new HashSet<>();
    private final List<Rows> parts = new ArrayList<>();
    private boolean anyStandby;
    private @Nullable TableUnavailableException lastFailure;

    /** @param scan of which all parts are to come */
    ScatterGather(PageQuery query, Scan scan) {
        this.query = query;
        this.scan = scan;
        this.table = scan.table();
    }

    /** @throws TableUnavailableException if nobody answers for a partition */
    Response page(Set<Integer> partitions) {
        Set<Integer> missing = new TreeSet<>(partitions);
        while (!missing.isEmpty()) { // ends: each round without a part makes one more instance silent
            Map<Source, Set<Integer>> bySource = bySource(missing);
            bySource.forEach((source, numbers) -> {
                if (ask(source, numbers)) {
                    missing.removeAll(numbers);
                }
            });
        }
        Response page = query.page(parts);
        return anyStandby ? page.with(Router.SERVED_BY, Router.STANDBY) : page;
    }

    private Map<Source, Set<Integer>> bySource(Set<Integer> partitions) {
        Map<Source, Set<Integer>> bySource = new LinkedHashMap<>();
        for (int partition : partitions) {
            bySource.computeIfAbsent(source(partition), any -> new TreeSet<>()).add(partition);
        }
        return bySource;
    }

    private Source source(int partition) {
        TopicTable.Holders holders = table.holders(partition);
        HostInfo owner = holders.owner();
        if (owner != null && !silent.contains(owner)) {
            return new Source(owner, false);
        }
        return holders.standbys().stream()
                .filter(standby -> !silent.contains(standby))
                .findFirst()
                .map(standby -> new Source(standby, true))
                .orElseThrow(() -> new TableUnavailableException(
                        "nobody answers for partition %d of %s now".formatted(partition, table.name()), lastFailure));
    }

    private boolean ask(Source source, Set<Integer> partitions) {
        try {
            parts.add(
                    table.isSelf(source.instance())
                            ? PageQuery.read(scan, partitions, source.standby() ? table::standby : table::shard)
                            : readThere(source, partitions));
            anyStandby |= source.standby();
            return true;
        } catch (TableUnavailableException e) {
            lastFailure = e;
            silent.add(source.instance());
            return false;
        }
    }

    private Rows readThere(Source source, Set<Integer> partitions) {
        ForwardedRequest request = scan.request().ofPartitions(partitions, source.standby());
        return Rows.read(query.peers().pass(source.instance(), request, Duration.ZERO), scan.scannedTo(), scan::key);
    }
}
