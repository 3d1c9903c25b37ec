package dev.annals.checker.network;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A switch and hosts, each in a network namespace of its own, and this JVM as one more host. What goes from a host to
 * another passes the switch, whose rules drop it. Nothing leads elsewhere.
 *
 * <p>Namespaces are named {@code annals-PID-HOST}, after this process: what another process has left behind, since it
 * was killed, is removed when the next network is made. One at a time in a process; for one thread.
 */
public final class Network implements AutoCloseable {

    private static final String PREFIX = "annals-";
    private static final Pattern OURS = Pattern.compile("annals-(\\d+)-\\S+");
    private static final String SWITCH = "switch";
    private static final int FIRST_HOST = 11;
    private static final int ALL = 100;

    private final String own = PREFIX + ProcessHandle.current().pid() + "-";
    private final String link = "annals" + ProcessHandle.current().pid();
    private final String subnet;
    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final List<String> rules = new ArrayList<>();
    private final Thread removeAtExit = new Thread(this::remove, "annals-network");

    /** Why there can be none here; empty where there can. */
    public static Optional<String> obstacle() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("network namespaces want root");
        }
        for (String tool : List.of("ip", "nft")) {
            if (Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin")
                    .noneMatch(each -> Files.isExecutable(Path.of(each, tool)))) {
                return Optional.of(tool + " is missing (Debian: iproute2, nftables)");
            }
        }
        return probe();
    }

    /** Containers often run as root without the right to make any. */
    private static Optional<String> probe() {
        String name = PREFIX + ProcessHandle.current().pid() + "-probe";
        try {
            Shell.run("ip", "netns", "add", name);
            try {
                Shell.run("ip", "-n", name, "link", "add", "br0", "type", "bridge");
                Shell.feed(table(List.of()), "ip", "netns", "exec", name, "nft", "-f", "-");
                return Optional.empty();
            } finally {
                Shell.run("ip", "netns", "delete", name);
            }
        } catch (IllegalStateException e) {
            return Optional.of("no network namespace with a filtering bridge can be made: " + e.getMessage());
        }
    }

    /** @param hosts their names */
    public Network(List<String> hosts) {
        removeLeftovers();
        this.subnet = freeSubnet();
        Runtime.getRuntime().addShutdownHook(removeAtExit);
        try {
            namespace(SWITCH);
            inside(SWITCH, "link", "add", "br0", "type", "bridge");
            inside(SWITCH, "link", "set", "br0", "up");
            Shell.run("ip", "link", "add", link, "type", "veth", "peer", "name", "here", "netns", own + SWITCH);
            plug("here");
            Shell.run("ip", "address", "add", self() + "/24", "dev", link);
            Shell.run("ip", "link", "set", link, "up");
            for (String host : hosts) {
                add(host);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void add(String host) {
        String port = "port" + addresses.size();
        String address = subnet + (FIRST_HOST + addresses.size());
        addresses.put(host, address);
        namespace(host);
        inside(host, "link", "add", "eth0", "type", "veth", "peer", "name", port, "netns", own + SWITCH);
        inside(host, "address", "add", address + "/24", "dev", "eth0");
        inside(host, "link", "set", "lo", "up");
        inside(host, "link", "set", "eth0", "up");
        plug(port);
    }

    private void namespace(String host) {
        Shell.run("ip", "netns", "add", own + host);
    }

    private void plug(String port) {
        inside(SWITCH, "link", "set", port, "master", "br0", "up");
    }

    private void inside(String host, String... command) {
        List<String> line = new ArrayList<>(List.of("ip", "-n", own + host));
        line.addAll(List.of(command));
        Shell.run(line.toArray(String[]::new));
    }

    /** Of no network that this machine is in. */
    private static String freeSubnet() {
        String taken = Shell.run("ip", "-4", "-o", "address", "show") + Shell.run("ip", "-4", "route", "show");
        for (int i = 0; i < 100; i++) {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            String subnet = "10.%d.%d.".formatted(random.nextInt(64, 250), random.nextInt(1, 250));
            if (!taken.contains(subnet)) {
                return subnet;
            }
        }
        throw new IllegalStateException("no free network in 10.0.0.0/8");
    }

    /** What starts a process on a host, before the command. */
    public List<String> launcher(String host) {
        address(host);
        return List.of("ip", "netns", "exec", own + host);
    }

    public String address(String host) {
        return Optional.ofNullable(addresses.get(host))
                .orElseThrow(() -> new IllegalArgumentException("no host '%s' here".formatted(host)));
    }

    /** The address of this JVM. */
    public String self() {
        return subnet + "1";
    }

    /** From now on nothing goes from the one to the other; the other way, it does. */
    public void cut(String from, String to) {
        rule("ip saddr %s ip daddr %s drop".formatted(address(from), address(to)));
    }

    /** From now on so much of what goes to and from a host is lost; what it and this JVM tell each other is not. */
    public void lose(String host, int percent) {
        String some = percent == ALL ? "drop" : "numgen random mod 100 < %d drop".formatted(percent);
        rule("ip saddr %s ip daddr != %s %s".formatted(address(host), self(), some));
        rule("ip daddr %s ip saddr != %s %s".formatted(address(host), self(), some));
    }

    /** From now on everything gets through. */
    public void heal() {
        rules.clear();
        applyRules();
    }

    private void rule(String rule) {
        rules.add(rule);
        applyRules();
    }

    private void applyRules() {
        Shell.feed(table(rules), "ip", "netns", "exec", own + SWITCH, "nft", "-f", "-");
    }

    private static String table(List<String> rules) {
        return """
                flush ruleset
                table bridge faults {
                  chain forward {
                    type filter hook forward priority 0; policy accept;
                    %s
                  }
                }
                """.formatted(String.join("\n    ", rules));
    }

    /**
     * Leads what a host sends to another through this JVM, where {@link SlowRelay} holds it back. Connections that are
     * there are reset.
     *
     * @param relays the port of this JVM for each host
     */
    public void redirect(String host, Map<String, Integer> relays) {
        StringBuilder there = new StringBuilder();
        StringBuilder reset = new StringBuilder();
        relays.forEach((to, port) -> {
            there.append("ip daddr %s meta l4proto tcp dnat to %s:%d\n".formatted(address(to), self(), port));
            reset.append("ip saddr %s meta l4proto tcp ct status & dnat == 0 reject with tcp reset\n"
                    .formatted(address(to)));
        });
        Shell.feed("""
                flush ruleset
                table ip slow {
                  chain there {
                    type nat hook output priority -100;
                    %s
                  }
                  chain back {
                    type filter hook input priority 0;
                    %s
                  }
                }
                """.formatted(there, reset), "ip", "netns", "exec", own + host, "nft", "-f", "-");
    }

    /** Ends {@link #redirect} for new connections; those that are there go on through this JVM. */
    public void direct(String host) {
        Shell.run("ip", "netns", "exec", own + host, "nft", "flush", "ruleset");
    }

    private static void removeLeftovers() {
        for (String line : Shell.run("ip", "netns", "list").lines().toList()) {
            Matcher name = OURS.matcher(line.split(" ", 2)[0]);
            if (name.matches()
                    && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                Shell.run("ip", "netns", "delete", name.group());
            }
        }
    }

    /** The link by itself: that of a namespace is removed only some time after it. */
    private void remove() {
        if (Files.exists(Path.of("/sys/class/net", link))) {
            Shell.run("ip", "link", "delete", link);
        }
        for (String line : Shell.run("ip", "netns", "list").lines().toList()) {
            String name = line.split(" ", 2)[0];
            if (name.startsWith(own)) {
                Shell.run("ip", "netns", "delete", name);
            }
        }
    }

    /** Removes everything. */
    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(removeAtExit);
        } catch (IllegalStateException exiting) {
            // The hook runs now, and finds nothing left to do.
        }
    }
}
