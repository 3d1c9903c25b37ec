package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.annals.e2e.Installation.Ran;
import dev.annals.e2e.Installation.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of an earlier commit: of the one before the commit that is checked out, or of
 * {@code -Dannals.upgrade.from=COMMIT}. It is built by its own {@code ./annals}, in a work tree of its own, which
 * {@link #remove()} takes away.
 */
final class EarlierBuild {

    private static final String FROM = "annals.upgrade.from";
    private static final String COMMIT_BEFORE = "HEAD^";

    /** The decision from which on installations are upgraded. */
    private static final String BEGINNING = "docs/decisions/0030-the-house.md";

    private static final Duration GIT_LIMIT = Duration.ofMinutes(1);

    /** Compiles everything; the first time on a machine, it downloads what that commit needs. */
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(8);

    private static final Path CHECKOUT = Path.of("../..").toAbsolutePath().normalize();

    private final Path folder;
    private final Path workTree;
    private final String commit;

    private EarlierBuild(Path folder, String commit) {
        this.folder = folder;
        this.workTree = folder.resolve("earlier");
        this.commit = commit;
    }

    /**
     * Builds it. The calling test is skipped, and says why, where nobody named a commit and there is none before this
     * one: in an archive of the sources, and in a shallow clone; and where installations of that commit can't be
     * upgraded.
     *
     * @param folder for the work tree
     * @throws AssertionError if the named commit is not there, or an earlier one can't be built
     */
    static EarlierBuild in(Path folder) throws IOException, InterruptedException {
        EarlierBuild build = new EarlierBuild(folder, commit(folder));
        try {
            build.checkOut();
            build.build();
            return build;
        } catch (AssertionError | IOException | InterruptedException e) {
            build.removeAfter(e);
            throw e;
        }
    }

    /** To be run by an {@link Installation}. */
    Path distribution() {
        return workTree.resolve("tools/cli/target/annals");
    }

    void remove() throws IOException, InterruptedException {
        if (Files.exists(workTree)) {
            right(git(folder, "worktree", "remove", "--force", workTree.toString()), "git can't remove " + workTree);
        }
    }

    private void removeAfter(Throwable failure) throws IOException, InterruptedException {
        try {
            remove();
        } catch (AssertionError alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    private static String commit(Path folder) throws IOException, InterruptedException {
        String wanted = System.getProperty(FROM);
        Ran found;
        if (wanted == null) {
            assumeTrue(
                    Files.exists(CHECKOUT.resolve(".git")),
                    () -> "skipped: %s is no working copy of git, so there is no commit before it; name one with -D%s"
                            .formatted(CHECKOUT, FROM));
            found = git(folder, "rev-parse", "--verify", COMMIT_BEFORE + "^{commit}");
            assumeTrue(
                    found.exitCode() == 0,
                    () ->
                            "skipped: no commit before the one that is checked out (the first one, or a shallow clone): %s"
                                    .formatted(found.err()));
        } else {
            found = git(folder, "rev-parse", "--verify", wanted + "^{commit}");
            right(found, "-D%s=%s is no commit".formatted(FROM, wanted));
        }
        String commit = found.out().strip();
        requireAfterBeginning(folder, commit);
        return commit;
    }

    /** What a commit before it wrote is not read any more: {@link #BEGINNING} says why. */
    private static void requireAfterBeginning(Path folder, String commit) throws IOException, InterruptedException {
        Ran found = git(folder, "cat-file", "-e", commit + ":" + BEGINNING);
        assumeTrue(
                found.exitCode() == 0,
                () -> "skipped: installations of %s can't be upgraded, it has no %s".formatted(commit, BEGINNING));
    }

    private void checkOut() throws IOException, InterruptedException {
        right(
                git(folder, "worktree", "add", "--quiet", "--detach", workTree.toString(), commit),
                "git can't check " + commit + " out");
    }

    /** As it is done for everybody who runs that commit: its script builds before it says its version. */
    private void build() throws IOException, InterruptedException {
        Path script = workTree.resolve("annals");
        assertThat(script)
                .as("the script of %s, which builds its command line", commit)
                .isExecutable();
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "--version").directory(workTree.toFile());
        right(Running.of(builder, folder).await(BUILD_LIMIT), "./annals of " + commit + " can't be built");
    }

    /** Without the hooks of whoever works here: they are for commits of theirs. */
    private static Ran git(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "core.hooksPath=/dev/null"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(CHECKOUT.toFile());
        return Running.of(builder, folder).await(GIT_LIMIT);
    }

    private static void right(Ran ran, String otherwise) {
        assertThat(ran.exitCode())
                .as("%s: %s%s", otherwise, ran.out(), ran.err())
                .isZero();
    }
}
