package dev.annals.operations;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** HTTP client of one of the services, which speak JSON. Every request has a limit; thread-safe. */
public final class ServiceClient {

    /** Of one request, beside what it asks the service to wait. */
    static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);

    /** The most rows that the services give in one page. */
    private static final int PAGE = 1_000;

    /** A larger view than this (10 million rows) is not for reading in pages. */
    private static final int MAX_PAGES = 10_000;

    private static final int SHOWN_CHARACTERS = 200;
    private static final int FIRST_ERROR = 400;
    private static final int UNAUTHENTICATED = 401;
    private static final int FORBIDDEN = 403;

    /** Decimals stay as they are, also where a service writes them as numbers. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final String service;
    private final String baseUrl;
    private final Credentials credentials;
    private final HttpClient http;

    /** A client of a service that asks nobody for a token. */
    public ServiceClient(String service, URI baseUrl) {
        this(service, baseUrl, Credentials.NONE);
    }

    /**
     * A client of one service.
     *
     * @param service its name, for messages
     * @param baseUrl without the path, for instance {@code http://127.0.0.1:8081}
     */
    public ServiceClient(String service, URI baseUrl, Credentials credentials) {
        this.service = service;
        this.baseUrl = baseUrl.toString().replaceFirst("/+$", "");
        this.credentials = credentials;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_LIMIT);
        if (credentials.trusted() != null) {
            builder.sslContext(credentials.trusted());
        }
        this.http = builder.build();
    }

    /** A path of segments, each escaped. */
    public static String path(String... segments) {
        return List.of(segments).stream().map(segment -> "/" + escaped(segment)).collect(Collectors.joining());
    }

    /** A path with a query, values escaped. */
    public static String query(String path, Map<String, String> parameters) {
        return parameters.isEmpty()
                ? path
                : path + "?"
                        + parameters.entrySet().stream()
                                .map(it -> escaped(it.getKey()) + "=" + escaped(it.getValue()))
                                .collect(Collectors.joining("&"));
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** @throws ServiceException if there is no answer, or it is an error */
    public JsonNode get(String pathAndQuery) {
        return get(pathAndQuery, Duration.ZERO);
    }

    /**
     * As {@link #get(String)}, of a request that asks the service to wait.
     *
     * @throws ServiceException if there is no answer, or it is an error
     */
    public JsonNode get(String pathAndQuery, Duration wait) {
        return exchange("GET", pathAndQuery, BodyPublishers.noBody(), Map.of(), wait);
    }

    /** @throws ServiceException if there is no answer, or it is an error */
    public JsonNode post(String path, String json, Map<String, String> headers, Duration wait) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/json");
        return exchange("POST", path, BodyPublishers.ofString(json), all, wait);
    }

    /**
     * Hands over every row of a view, page by page.
     *
     * @throws ServiceException if there is no answer, or it is an error
     */
    public void forEachRow(String view, Consumer<JsonNode> rows) {
        forEachItem(path("v1", view), Map.of(), row -> {
            rows.accept(row);
            return true;
        });
    }

    /**
     * Hands over the items of a list, page by page, until there are no more, or enough.
     *
     * @param goesOn takes an item, and says whether to go on
     */
    void forEachItem(String path, Map<String, String> query, Predicate<JsonNode> goesOn) {
        Map<String, String> parameters = new LinkedHashMap<>(query);
        parameters.put("limit", Integer.toString(PAGE));
        for (int page = 0; page < MAX_PAGES; page++) {
            JsonNode answer = get(query(path, parameters));
            for (JsonNode item : answer.path("items")) {
                if (!goesOn.test(item)) {
                    return;
                }
            }
            JsonNode next = answer.path("nextCursor");
            if (!next.isTextual()) {
                return;
            }
            parameters.put("cursor", next.textValue());
        }
        throw new ServiceException(0, "%s has more than %,d pages".formatted(path, MAX_PAGES), null);
    }

    private JsonNode exchange(
            String method, String pathAndQuery, BodyPublisher body, Map<String, String> headers, Duration wait) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(baseUrl + pathAndQuery))
                .method(method, body)
                .header("Accept", "application/json, application/problem+json")
                .timeout(ANSWER_LIMIT.plus(wait));
        headers.forEach(request::header);
        String token = credentials.token();
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<byte[]> response = send(request.build());
        if (response.statusCode() >= FIRST_ERROR) {
            throw problem(response, token != null);
        }
        return read(response);
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new ServiceException(
                    0, "no %s answers at %s: does it run, and is the address right?".formatted(service, baseUrl), e);
        } catch (SSLException e) {
            throw new ServiceException(
                    0,
                    "the %s at %s is not trusted: %s (--cacert FILE names certificate authorities)"
                            .formatted(service, baseUrl, e.getMessage()),
                    e);
        } catch (HttpTimeoutException e) {
            throw new ServiceException(0, "the %s at %s does not answer in time".formatted(service, baseUrl), e);
        } catch (IOException e) {
            throw new ServiceException(0, "the %s at %s broke off the answer: %s".formatted(service, baseUrl, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceException(0, "interrupted", e);
        }
    }

    private static JsonNode read(HttpResponse<byte[]> response) {
        if (response.body().length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new ServiceException(
                    0,
                    "%s answered %d with what is no JSON: %s"
                            .formatted(response.uri(), response.statusCode(), shown(response)),
                    e);
        }
    }

    private static ServiceException problem(HttpResponse<byte[]> response, boolean hadToken) {
        int status = response.statusCode();
        try {
            JsonNode problem = JSON.readTree(response.body());
            if (problem != null && problem.hasNonNull("code")) {
                return new ServiceException(
                        status,
                        "%d %s: %s%s"
                                .formatted(
                                        status,
                                        problem.path("code").asText(),
                                        oneLine(problem.path("detail")
                                                .asText(problem.path("title").asText())),
                                        whatToDo(status, hadToken)),
                        null);
            }
        } catch (IOException e) {
            // Not from our services, or not in their words: shown as it came.
        }
        return new ServiceException(
                status, "%s answered %d: %s".formatted(response.uri(), status, shown(response)), null);
    }

    private static String whatToDo(int status, boolean hadToken) {
        return switch (status) {
            case UNAUTHENTICATED ->
                hadToken
                        ? " (get a new token from the OpenID provider)"
                        : " (give a token with --token-file FILE or in ANNALS_TOKEN)";
            case FORBIDDEN -> " (a role of the token needs that right in the services' annals.auth.policy)";
            default -> "";
        };
    }

    private static String shown(HttpResponse<byte[]> response) {
        String text = oneLine(new String(response.body(), StandardCharsets.UTF_8));
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
