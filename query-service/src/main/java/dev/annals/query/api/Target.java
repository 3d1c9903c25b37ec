package dev.annals.query.api;

import dev.annals.service.http.PeerClient;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What another instance needs to answer a request in our place, and whether this one came from another.
 *
 * @param pathAndQuery as it came
 * @param passedOn from another instance: never passed on again
 * @param standby whether another instance asks for a standby's copy, since the owner does not answer
 * @param partitions to which another instance restricts a list; empty for none
 */
record Target(String pathAndQuery, boolean passedOn, boolean standby, Set<Integer> partitions) {

    /** Between instances: a standby's copy will do. */
    static final String STANDBY = "X-Annals-Standby";

    /** Between instances: list only these partitions, with commas between. */
    static final String PARTITIONS = "X-Annals-Partitions";

    static Target of(Context ctx) {
        String query = ctx.queryString();
        String path = ctx.req().getRequestURI();
        return new Target(
                query == null ? path : path + "?" + query,
                PeerClient.isPassedOn(ctx),
                ctx.header(STANDBY) != null,
                partitions(ctx.header(PARTITIONS)));
    }

    private static Set<Integer> partitions(@Nullable String header) {
        if (header == null) {
            return Set.of();
        }
        try {
            return Arrays.stream(header.split(",", -1))
                    .map(Integer::valueOf)
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (NumberFormatException e) {
            throw Parameters.invalid(PARTITIONS, "partition numbers with commas between", "'" + header + "'");
        }
    }
}
