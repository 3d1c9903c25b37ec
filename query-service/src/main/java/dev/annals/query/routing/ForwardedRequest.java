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
 * @param authorization of the client, by which every instance decides for itself; null where it has none
 */
public record ForwardedRequest(
        String pathAndQuery,
        boolean passedOn,
        boolean standby,
        Set<Integer> partitions,
        @Nullable Integer generation,
        @Nullable String authorization) {

    private static final String AUTHORIZATION = "Authorization";

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
        String authorization = ctx.header(AUTHORIZATION);
        if (!PeerClient.isPassedOn(ctx)) {
            return new ForwardedRequest(pathAndQuery, false, false, Set.of(), null, authorization);
        }
        return new ForwardedRequest(
                pathAndQuery,
                true,
                ctx.header(STANDBY) != null,
                partitions(ctx.header(PARTITIONS)),
                generation(ctx.header(GENERATION)),
                authorization);
    }

    /** Of somebody without a token. */
    public static ForwardedRequest ofClient(String pathAndQuery) {
        return new ForwardedRequest(pathAndQuery, false, false, Set.of(), null, null);
    }

    /** The same request, to be answered from this generation. */
    public ForwardedRequest in(int chosen) {
        return new ForwardedRequest(pathAndQuery, passedOn, standby, partitions, chosen, authorization);
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
        return new ForwardedRequest(pathAndQuery, passedOn, true, partitions, generation, authorization);
    }

    /**
     * The same request for a list, restricted to some of its partitions.
     *
     * @param copies whether a standby's will do
     */
    public ForwardedRequest ofPartitions(Set<Integer> some, boolean copies) {
        return new ForwardedRequest(pathAndQuery, passedOn, copies, some, generation, authorization);
    }

    /** What the other instance is told beside the path. */
    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        if (authorization != null) {
            headers.put(AUTHORIZATION, authorization);
        }
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

    /** Without the token, which is worth something to whoever reads it. */
    @Override
    public String toString() {
        return "ForwardedRequest[%s, passedOn=%b, standby=%b, partitions=%s, generation=%s]"
                .formatted(pathAndQuery, passedOn, standby, partitions, generation);
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
