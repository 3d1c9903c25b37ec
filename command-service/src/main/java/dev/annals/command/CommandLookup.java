package dev.annals.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.annals.lanes.KeptResults.Kept;
import dev.annals.service.http.Json;
import dev.annals.service.http.PeerClient;
import dev.annals.service.http.ProblemException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Finds the result of a command by its id: in the stores of this instance, then with all other instances at the same
 * time, one hop away.
 *
 * <p>A command is unknown only when every instance has answered and every partition was looked into. Thread-safe;
 * blocks for at most {@link LaneHost#FIND_LIMIT} and {@link #PEER_LIMIT}.
 */
final class CommandLookup {

    /** For another instance to answer. */
    static final Duration PEER_LIMIT = Duration.ofSeconds(3);

    /** Searches that ask other instances, at the same time; more are refused with 429. */
    static final int MAX_SEARCHES = 100;

    /** Between instances, on a found result: when it was decided, milliseconds since the epoch. */
    static final String DECIDED = "X-Annals-Decided";

    private final Predicate<Sought> pending;
    private final Function<Sought, Status> stores;
    private final Set<String> partitions;
    private final Supplier<? extends Collection<HostInfo>> peers;
    private final PeerClient client;
    private final Semaphore searches = new Semaphore(MAX_SEARCHES);

    /**
     * A command that somebody asks for.
     *
     * @param principal whose id it is; null: of nobody who is known
     * @param path at which the other instances are asked the same
     */
    record Sought(String commandId, @Nullable String principal, String path) {}

    sealed interface Status {}

    /** @param json the result as it is published */
    record Found(String json, Instant decided) implements Status {}

    record Pending() implements Status {}

    record Unknown(SearchedPartitions searched) implements Status {}

    /** An instance that may know it does not answer. */
    record Unavailable(String why) implements Status {}

    /**
     * @param pending whether this instance has taken a command, and knows no result of it
     * @param stores looks into the stores of this instance
     * @param partitions all that there are, as {@link SearchedPartitions} names them
     * @param peers the other instances, as they are now
     */
    CommandLookup(
            Predicate<Sought> pending,
            Function<Sought, Status> stores,
            Collection<String> partitions,
            Supplier<? extends Collection<HostInfo>> peers,
            PeerClient client) {
        this.pending = pending;
        this.stores = stores;
        this.partitions = Set.copyOf(partitions);
        this.peers = peers;
        this.client = client;
    }

    /**
     * @param passedOn another instance asks: only what is here counts
     * @param authorization of who asks, by which the others decide for themselves; null for who has none
     * @throws dev.annals.service.http.ProblemException 429 if too many searches go on
     */
    Status find(Sought sought, boolean passedOn, @Nullable String authorization) {
        boolean isPending = pending.test(sought); // first: it becomes a result, never the other way
        Status here = stores.apply(sought);
        Status all = passedOn || !(here instanceof Unknown unknown)
                ? here
                : elsewhere(sought.path, unknown.searched, authorization);
        return isPending && !(all instanceof Found) ? new Pending() : all;
    }

    static Found found(Kept stored) {
        try {
            return new Found(Json.mapper().writeValueAsString(ResultResponses.body(stored.result())), stored.decided());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result can't be written as JSON", e);
        }
    }

    private Status elsewhere(String path, SearchedPartitions searchedHere, @Nullable String authorization) {
        if (!searches.tryAcquire()) {
            throw ProblemException.of(429, "too-many-searches", "too many searches for commands go on; try again")
                    .withHeader("Retry-After", "1");
        }
        try {
            List<CompletableFuture<Status>> asked = peers.get().stream()
                    .map(peer -> ask(peer, path, authorization))
                    .toList();
            return together(
                    searchedHere, asked.stream().map(CompletableFuture::join).toList());
        } finally {
            searches.release();
        }
    }

    private CompletableFuture<Status> ask(HostInfo peer, String path, @Nullable String authorization) {
        Status silence = new Unavailable("%s:%d does not answer".formatted(peer.host(), peer.port()));
        try {
            HttpRequest.Builder request = client.request(peer, path);
            if (authorization != null) {
                request.header("Authorization", authorization);
            }
            return client.sendAsync(request.build(), PEER_LIMIT)
                    .handle((response, failure) -> failure == null ? status(response, silence) : silence);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(silence); // an instance that advertises no address
        }
    }

    private static Status status(HttpResponse<byte[]> response, Status silence) {
        try {
            return switch (response.statusCode()) {
                case 200 -> new Found(new String(response.body(), StandardCharsets.UTF_8), decided(response));
                case 202 -> new Pending();
                case 404 -> new Unknown(Json.mapper().readValue(response.body(), SearchedPartitions.class));
                default -> silence;
            };
        } catch (IOException | NumberFormatException e) {
            return silence; // whatever listens there is no instance of this service
        }
    }

    private static Instant decided(HttpResponse<?> response) {
        return response.headers()
                .firstValue(DECIDED)
                .map(millis -> Instant.ofEpochMilli(Long.parseLong(millis)))
                .orElse(Instant.EPOCH);
    }

    private Status together(SearchedPartitions searchedHere, List<Status> statuses) {
        Optional<Found> found = only(Found.class, statuses).stream().max(Comparator.comparing(Found::decided));
        if (found.isPresent()) {
            return found.get();
        }
        if (!only(Pending.class, statuses).isEmpty()) {
            return new Pending();
        }
        List<Unavailable> unavailable = only(Unavailable.class, statuses);
        if (!unavailable.isEmpty()) {
            return unavailable.getFirst();
        }
        SearchedPartitions searched = only(Unknown.class, statuses).stream()
                .map(Unknown::searched)
                .reduce(searchedHere, SearchedPartitions::plus);
        Set<String> missing = searched.missing(partitions);
        return missing.isEmpty()
                ? new Unknown(searched)
                : new Unavailable("nobody has the partitions " + missing + " now");
    }

    private static <T extends Status> List<T> only(Class<T> kind, List<Status> statuses) {
        return statuses.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
