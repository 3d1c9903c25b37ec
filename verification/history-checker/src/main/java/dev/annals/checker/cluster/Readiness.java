package dev.annals.checker.cluster;

/**
 * What a service says of its readiness.
 *
 * @param status of HTTP; 0 without an answer within a second
 * @param body with the reasons; without an answer why there is none
 */
public record Readiness(int status, String body) {

    private static final int READY = 200;

    public boolean isReady() {
        return status == READY;
    }
}
