package dev.annals.service;

/** Addresses that nobody but this machine reaches. */
final class Loopback {

    private Loopback() {}

    static boolean is(String host) {
        return host.equals("localhost") || host.equals("::1") || host.equals("[::1]") || host.startsWith("127.");
    }
}
