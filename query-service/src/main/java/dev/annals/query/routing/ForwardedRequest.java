package dev.annals.query.routing;

import dev.annals.service.http.PeerClient;
import dev.annals.service.http.Requests;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * @param generation of the view, which the instance that passed the request on answers from; null if it came from a
 *     client, or asks for no view
 */
public record ForwardedRequest(
        String pathAndQuery,
        boolean passedOn,
        boolean standby,
        Set<Integer> partitions,
        @Nullable Integer generation) {

    /** Between instances: a standby's copy will do. */
    static final String STANDBY = "X-Annals-Standby";

    /** Between instances: list only these partitions, with commas between. */
    public static final String PARTITIONS = "X-Annals-Partitions";

    /** Between instances: the generation of the view that the one that was asked answers from. */
    public static final String GENERATION = "X-Annals-Generation";

    public static ForwardedRequest of(Context ctx) {
        String query = ctx.queryString();
        String path = ctx.req().getRequestURI();
        String pathAndQuery = query == null ? path : path + "?" + query;
        if (!PeerClient.isPassedOn(ctx)) {
            return ofClient(pathAndQuery);
        }
        return new ForwardedRequest(
                pathAndQuery,
                true,
                ctx.header(STANDBY) != null,
                partitions(ctx.header(PARTITIONS)),
                generation(ctx.header(GENERATION)));
    }

    public static ForwardedRequest ofClient(String pathAndQuery) {
        return new ForwardedRequest(pathAndQuery, false, false, Set.of(), null);
    }

    /** The same request, to be answered from this generation. */
    public ForwardedRequest in(int chosen) {
        return new ForwardedRequest(pathAndQuery, passedOn, standby, partitions, chosen);
    }

    private static @Nullable Integer generation(@Nullable String header) {
        try {
            return header == null ? null : Integer.valueOf(header);
        } catch (NumberFormatException e) {
            throw Requests.invalid(GENERATION, "a number", "'" + header + "'");
        }
    }

    /**
     * The generation that another instance has named.
     *
     * @throws dev.annals.service.http.ProblemException 400 if it has named none
     */
    public int requireGeneration() {
        Integer named = generation;
        if (named == null || named < 1) {
            String actual = named == null ? "none" : "'%d'".formatted(named);
            throw Requests.invalid(GENERATION, "a number from 1, from another instance", actual);
        }
        return named;
    }

    /** The same request, to be answered from a standby's copy. */
    ForwardedRequest ofStandby() {
        return new ForwardedRequest(pathAndQuery, passedOn, true, partitions, generation);
    }

    /**
     * The same request for a list, restricted to some of its partitions.
     *
     * @param copies whether a standby's will do
     */
    public ForwardedRequest ofPartitions(Set<Integer> some, boolean copies) {
        return new ForwardedRequest(pathAndQuery, passedOn, copies, some, generation);
    }

    /** What the other instance is told beside the path. */
    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        if (generation != null) {
            headers.put(GENERATION, generation.toString());
        }
        if (standby) {
            headers.put(STANDBY, "1");
        }
        if (!partitions.isEmpty()) {
            headers.put(PARTITIONS, listed(partitions));
        }
        return headers;
    }

    public static String listed(Set<Integer> partitions) {
        return partitions.stream().map(String::valueOf).collect(Collectors.joining(","));
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
            throw Requests.invalid(PARTITIONS, "partition numbers with commas between", "'" + header + "'");
        }
    }
}
