package dev.annals.testsupport.http;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks a running service for each of its routes in each role: with one right alone, with all, with none, with a forged
 * token and without one. What is to come of it, the published page of routes says.
 *
 * @param actions by their routes, {@code GET /v1/accounts/x} and {@code read:accounts}
 * @param paths of routes as they are declared: what is asked for
 */
public record RightsTable(Map<String, String> actions, Map<String, String> paths) {

    private static final String PAGE = "docs/reference/routes.md";
    private static final String OF_ALL = "Every service";
    private static final Pattern ROW = Pattern.compile("\\| `(?<route>[^`]+)` \\| (?<action>\\S+) \\|");
    private static final Pattern IN_BRACES = Pattern.compile("[{<](\\w+)[}>]");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final String OPEN = "open";
    private static final String KNOWN = "known";
    private static final String INTERNAL = "internal";
    private static final Set<String> OF_NO_POLICY = Set.of(OPEN, KNOWN, INTERNAL);

    private static final String NOBODY = "nobody";
    private static final String FORGED = "forged";
    private static final String NO_RIGHT = "no-right";
    private static final String ALL_RIGHTS = "all-rights";

    /**
     * @param heading of the service on the page
     * @param parameters of the paths
     */
    public static RightsTable of(String heading, Map<String, String> parameters) {
        Map<String, String> actions = new TreeMap<>();
        Map<String, String> paths = new TreeMap<>();
        String section = "";
        for (String line : page()) {
            section = line.startsWith("## ") ? line.substring(3) : section;
            Matcher row = ROW.matcher(line);
            if ((section.equals(heading) || section.equals(OF_ALL)) && row.matches()) {
                actions.put(row.group("route"), filled(row.group("action"), parameters));
                paths.put(row.group("route"), filled(row.group("route"), parameters));
            }
        }
        return new RightsTable(actions, paths);
    }

    private static List<String> page() {
        try {
            return Files.readAllLines(Path.of("..").resolve(PAGE)); // tests run in the folder of their module
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String filled(String text, Map<String, String> parameters) {
        return IN_BRACES
                .matcher(text)
                .replaceAll(found -> requireNonNull(
                        parameters.get(found.group(1)),
                        () -> "the test gives no value for {%s} of '%s'".formatted(found.group(1), text)));
    }

    private Set<String> granted() {
        Set<String> granted = new TreeSet<>(actions.values());
        granted.removeAll(OF_NO_POLICY);
        return granted;
    }

    /** In which each right is one of a role with its name. */
    public String policy() {
        StringBuilder policy = new StringBuilder("role." + ALL_RIGHTS + " = *\n");
        granted().forEach(action -> policy.append("role.%s = %s\n".formatted(role(action), action)));
        return policy.toString();
    }

    private static String role(String action) {
        return action.replace(':', '-');
    }

    /**
     * Asks, and compares.
     *
     * @param routes that the service has
     */
    public void check(String address, TestIssuer issuer, Set<String> routes) throws Exception {
        assertEquals(new TreeSet<>(routes), new TreeSet<>(actions.keySet()), "the routes of " + PAGE);
        Map<String, @Nullable String> tokens = new TreeMap<>();
        tokens.put(NOBODY, null);
        tokens.put(
                FORGED, issuer.token(TestIssuer.newKey("first"), "eve", claims -> claims.claim("roles", ALL_RIGHTS)));
        List<String> roles = new ArrayList<>(List.of(NO_RIGHT, ALL_RIGHTS));
        granted().forEach(action -> roles.add(role(action)));
        roles.forEach(role -> tokens.put(role, issuer.token("eve", claims -> claims.claim("roles", role))));
        Map<String, String> expected = new TreeMap<>();
        Map<String, String> actual = new TreeMap<>();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (Map.Entry<String, String> route : actions.entrySet()) {
                for (Map.Entry<String, @Nullable String> token : tokens.entrySet()) {
                    String[] asked = String.valueOf(paths.get(route.getKey())).split(" ", 2);
                    for (String method : asked[0].equals("GET") ? List.of("GET", "HEAD") : List.of(asked[0])) {
                        String cell = "%s %s as %s".formatted(method, asked[1], token.getKey());
                        expected.put(cell, expected(route.getValue(), token.getKey()));
                        actual.put(cell, outcome(client, method, address + asked[1], token.getValue()));
                    }
                }
            }
        }
        assertEquals(lines(expected), lines(actual));
    }

    private static String expected(String action, String role) {
        if (role.equals(FORGED)) {
            return "401";
        }
        if (action.equals(OPEN)) {
            return "in";
        }
        if (role.equals(NOBODY)) {
            return "401";
        }
        boolean granted = role.equals(ALL_RIGHTS) || role.equals(role(action));
        return action.equals(KNOWN) || (granted && !action.equals(INTERNAL)) ? "in" : "403";
    }

    private static String outcome(HttpClient client, String method, String address, @Nullable String token)
            throws IOException, InterruptedException {
        boolean reads = method.equals("GET") || method.equals("HEAD");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address))
                .method(method, reads ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/json")
                .timeout(LIMIT);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
        return status == 401 || status == 403 ? Integer.toString(status) : "in";
    }

    private static String lines(Map<String, String> cells) {
        StringBuilder lines = new StringBuilder();
        cells.forEach((cell, outcome) ->
                lines.append(cell).append(": ").append(outcome).append('\n'));
        return lines.toString();
    }
}
