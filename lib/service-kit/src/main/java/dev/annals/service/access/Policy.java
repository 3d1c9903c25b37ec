package dev.annals.service.access;

import dev.annals.service.StartupException;
import dev.annals.service.access.Action.Of;
import dev.annals.service.access.Caller.Restriction;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Role-based access control: which role may do what, by a file of properties. What no role of a caller grants, is
 * denied.
 *
 * <pre>
 * roles.claim = realm_access.roles
 * role.teller = command:accounts/Deposit, command:accounts/Withdraw, read:accounts
 * role.owner = command:accounts/* where sub = state.owner, read:accounts where sub = state.owner
 * role.anonymous = metrics
 * </pre>
 *
 * @param rolesClaim the claim that lists a principal's roles
 * @param roles what each grants
 */
record Policy(String rolesClaim, Map<String, List<Grant>> roles) {

    /** Of everybody, also of who has no token. */
    static final String ANONYMOUS = "anonymous";

    /** Of everybody who has a valid token. */
    static final String AUTHENTICATED = "authenticated";

    private static final String ROLES_CLAIM = "roles.claim";
    private static final String ROLE = "role.";

    private static final Pattern GRANT = Pattern.compile(
            "(?<action>\\S+)(\\s+where\\s+(?<claim>\\S+)\\s*=\\s*(?<of>state|row)\\.(?<field>\\w+))?");

    /**
     * @param pattern the name of an action, or the beginning of several with a {@code *} behind it
     * @param rule null for everything that the action is about
     */
    record Grant(String pattern, @Nullable Rule rule) {

        private static final String ANY = "*";

        boolean covers(Action action) {
            boolean named = pattern.endsWith(ANY)
                    ? action.name().startsWith(pattern.substring(0, pattern.length() - 1))
                    : action.name().equals(pattern);
            return named && (rule == null || rule.of() == action.of());
        }
    }

    /** A row rule: a claim of the token and a field have one value. */
    record Rule(String claim, Of of, String field) {}

    Policy {
        Map<String, List<Grant>> sorted = new TreeMap<>();
        roles.forEach((role, grants) -> sorted.put(role, List.copyOf(grants)));
        roles = Collections.unmodifiableMap(sorted);
    }

    /**
     * @param catalog what there is to be granted
     * @throws StartupException if the file can't be read or grants what is not there; the message says where
     */
    static Policy read(Path file, Catalog catalog) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartupException("%s=%s can't be read: %s".formatted(AuthSettings.POLICY, file, e), e);
        }
        Map<String, List<Grant>> roles = new TreeMap<>();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            if (key.startsWith(ROLE) && key.length() > ROLE.length()) {
                roles.put(key.substring(ROLE.length()), grants(file, key, properties.getProperty(key), catalog));
            } else if (!key.equals(ROLES_CLAIM)) {
                throw refusal(file, key, "expected %s or %s<name>".formatted(ROLES_CLAIM, ROLE));
            }
        }
        return new Policy(properties.getProperty(ROLES_CLAIM, "roles").strip(), roles);
    }

    private static List<Grant> grants(Path file, String key, String text, Catalog catalog) {
        List<Grant> grants = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            Matcher parts = GRANT.matcher(each.strip());
            if (!parts.matches()) {
                throw refusal(
                        file,
                        key,
                        "'%s': expected an action, as command:accounts/Deposit, or ACTION where CLAIM = state.FIELD (or row.FIELD)"
                                .formatted(each.strip()));
            }
            String claim = parts.group("claim");
            Rule rule = claim == null
                    ? null
                    : new Rule(claim, Of.valueOf(parts.group("of").toUpperCase(Locale.ROOT)), parts.group("field"));
            Grant grant = new Grant(parts.group("action"), rule);
            String wrong = catalog.wrong(grant);
            if (wrong != null) {
                throw refusal(file, key, "'%s': %s".formatted(each.strip(), wrong));
            }
            grants.add(grant);
        }
        return grants;
    }

    private static StartupException refusal(Path file, String key, String why) {
        return new StartupException("%s=%s, %s: %s".formatted(AuthSettings.POLICY, file, key, why));
    }

    /**
     * What a caller may see or change of what an action is about.
     *
     * @param principal null for somebody without a token
     * @return null if it is denied
     */
    @Nullable Caller admit(@Nullable Principal principal, Action action) {
        Set<Restriction> restrictions = new HashSet<>();
        for (String role : rolesOf(principal)) {
            for (Grant grant : roles.getOrDefault(role, List.of())) {
                if (!grant.covers(action)) {
                    continue;
                }
                Rule rule = grant.rule();
                if (rule == null) {
                    return new Caller(principal, Set.of());
                }
                String value = principal == null ? null : principal.text(rule.claim());
                if (value != null) {
                    restrictions.add(new Restriction(rule.field(), value));
                }
            }
        }
        return restrictions.isEmpty() ? null : new Caller(principal, restrictions);
    }

    private Set<String> rolesOf(@Nullable Principal principal) {
        Set<String> all = new HashSet<>();
        all.add(ANONYMOUS);
        if (principal != null) {
            all.addAll(principal.list(rolesClaim));
            all.add(AUTHENTICATED);
        }
        return all;
    }
}
