package dev.annals.service.access;

import dev.annals.engine.deciding.Restriction;
import dev.annals.service.AuthSettings;
import dev.annals.service.StartupException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
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
 * role.auditor = read:*, read-commands
 * role.owner = read:accounts where sub = state.owner, read:balances where sub = row.owner
 * role.anonymous = metrics
 * </pre>
 *
 * @param rolesClaim the claim that lists a principal's roles
 * @param roles what each grants
 */
record Policy(String rolesClaim, Map<String, List<Grant>> roles) {

    /** The role of everybody, also of who has no token. */
    static final String ANONYMOUS = "anonymous";

    /** The role of everybody who has a valid token. */
    static final String AUTHENTICATED = "authenticated";

    private static final String ROLES_CLAIM = "roles.claim";
    private static final String ROLE = "role.";

    /** {@code ACTION} or {@code ACTION where CLAIM = state.FIELD}. */
    private static final Pattern GRANT = Pattern.compile(
            "(?<action>\\S*)(\\s+where\\s+(?<claim>[^\\s=]+)\\s*=\\s*(?<of>state|row)\\.(?<field>\\w+))?");

    /**
     * @param pattern the name of an action, or the beginning of several with a {@code *} behind it
     * @param rule null for all that the action is about
     */
    record Grant(String pattern, @Nullable Rule rule) {

        private static final String ANY = "*";

        boolean covers(Action action) {
            boolean named = pattern.endsWith(ANY)
                    ? action.name().startsWith(pattern.substring(0, pattern.length() - ANY.length()))
                    : action.name().equals(pattern);
            return named && (rule == null || rule.of() == action.of());
        }
    }

    /** Of what the action is about, only that whose field has the value of the caller's claim. */
    record Rule(String claim, Action.Of of, String field) {}

    Policy {
        Map<String, List<Grant>> copy = new HashMap<>();
        roles.forEach((role, grants) -> copy.put(role, List.copyOf(grants)));
        roles = Map.copyOf(copy);
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
        Map<String, List<Grant>> roles = new HashMap<>();
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
            try {
                Grant grant = grant(each.strip());
                catalog.require(grant);
                grants.add(grant);
            } catch (IllegalArgumentException e) {
                throw new StartupException(
                        "%s=%s, %s: %s".formatted(AuthSettings.POLICY, file, key, e.getMessage()), e);
            }
        }
        return grants;
    }

    private static Grant grant(String text) {
        Matcher parts = GRANT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'%s': expected an action, or ACTION where CLAIM = state.FIELD (or row.FIELD)".formatted(text));
        }
        String claim = parts.group("claim");
        return new Grant(
                parts.group("action"),
                claim == null
                        ? null
                        : new Rule(
                                claim,
                                Action.Of.valueOf(parts.group("of").toUpperCase(Locale.ROOT)),
                                parts.group("field")));
    }

    private static StartupException refusal(Path file, String key, String why) {
        return new StartupException("%s=%s, %s: %s".formatted(AuthSettings.POLICY, file, key, why));
    }

    /**
     * Lets somebody do something, to all that it is about or to their own.
     *
     * @param principal null for somebody without a token
     * @return null if it is denied
     */
    @Nullable
    Caller admit(@Nullable Principal principal, Action action) {
        Set<Restriction> own = new HashSet<>();
        for (Grant grant : grants(principal, action)) {
            Rule rule = grant.rule();
            if (rule == null) {
                return caller(principal, Set.of());
            }
            String value = principal == null ? null : principal.text(rule.claim());
            if (value != null) {
                own.add(new Restriction(rule.field(), value));
            }
        }
        return own.isEmpty() ? null : caller(principal, own);
    }

    private Caller caller(@Nullable Principal principal, Set<Restriction> restrictions) {
        return new Caller(principal, restrictions, also -> admit(principal, also) != null);
    }

    private List<Grant> grants(@Nullable Principal principal, Action action) {
        return rolesOf(principal).stream()
                .flatMap(role -> roles.getOrDefault(role, List.of()).stream())
                .filter(grant -> grant.covers(action))
                .toList();
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
