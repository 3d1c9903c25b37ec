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
 * @param generation of the view, by which it is to be answered; null for the one that answers
 */
record Target(
        String pathAndQuery,
        boolean passedOn,
        boolean standby,
        Set<Integer> partitions,
        @Nullable Integer generation) {

    /** Between instances: a standby's copy will do. */
    static final String STANDBY = "X-Annals-Standby";

    /** Between instances: list only these partitions, with commas between. */
    static final String PARTITIONS = "X-Annals-Partitions";

    /** Between instances: the generation of the view that the one that was asked answers from. */
    static final String GENERATION = "X-Annals-Generation";

    static Target of(Context ctx) {
        String query = ctx.queryString();
        String path = ctx.req().getRequestURI();
        return new Target(
                query == null ? path : path + "?" + query,
                PeerClient.isPassedOn(ctx),
                ctx.header(STANDBY) != null,
                partitions(ctx.header(PARTITIONS)),
                PeerClient.isPassedOn(ctx) ? generation(ctx.header(GENERATION)) : null);
    }

    /** A request of this instance's own. */
    static Target own(String pathAndQuery) {
        return new Target(pathAndQuery, false, false, Set.of(), null);
    }

    /** The same request, to be answered from this generation. */
    Target in(int chosen) {
        return new Target(pathAndQuery, passedOn, standby, partitions, chosen);
    }

    /** An instance of an earlier release names none. */
    private static @Nullable Integer generation(@Nullable String header) {
        try {
            return header == null ? null : Integer.valueOf(header);
        } catch (NumberFormatException e) {
            throw Parameters.invalid(GENERATION, "a number", "'" + header + "'");
        }
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
