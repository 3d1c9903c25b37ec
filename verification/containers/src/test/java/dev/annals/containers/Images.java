package dev.annals.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;

/**
 * The images of this build, made once for all tests of a run; where that is not possible here, the tests are skipped
 * with the reason.
 *
 * <p>They are based on the image that {@code ANNALS_BASE_IMAGE} names, or on one that is made of this machine's Debian
 * and JDK, since no registry of images need be reachable.
 */
final class Images {

    static final String ANNALS = "annals:test";
    static final String KAFKA = "annals-kafka:test";
    static final String REGISTRY = "annals-registry:test";

    private static final String MADE_HERE = "annals-base:local";
    private static final Duration ASK_LIMIT = Duration.ofSeconds(20);
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);
    private static final Commands HERE = new Commands(Map.of());

    private static boolean made;

    private Images() {}

    static synchronized void require() {
        assumeTrue(
                HERE.succeeds(ASK_LIMIT, "docker", "version")
                        && DockerClientFactory.instance().isDockerAvailable(),
                "no container engine answers: install one and start it (on Debian docker.io, then dockerd)");
        if (!made) {
            build(base());
            made = true;
        }
    }

    private static String base() {
        String given = System.getenv("ANNALS_BASE_IMAGE");
        if (given != null) {
            return given;
        }
        if (!HERE.succeeds(ASK_LIMIT, "docker", "image", "inspect", MADE_HERE)) {
            assumeTrue(
                    Objects.equals(System.getProperty("user.name"), "root")
                            && HERE.succeeds(ASK_LIMIT, "debootstrap", "--version"),
                    "no base image: set ANNALS_BASE_IMAGE, or be root and install debootstrap");
            run("deploy/build-base-image", MADE_HERE);
        }
        return MADE_HERE;
    }

    private static void build(String base) {
        run("deploy/build-image", "--all", "--skip-build", "--base", base, "--tag", "test");
    }

    private static void run(String... command) {
        Commands.Ran ran = HERE.run(BUILD_LIMIT, List.of(command));
        assertThat(ran.exitCode()).as("%s: %s", List.of(command), ran.output()).isZero();
    }
}
