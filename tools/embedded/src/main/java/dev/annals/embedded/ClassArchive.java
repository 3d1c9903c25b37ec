package dev.annals.embedded;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Classes of a program as the JVM has loaded and linked them, in a file that its next start maps. The JVM makes it when
 * it ends orderly, and neither uses nor replaces one that is older than its jars, so those are deleted here.
 *
 * @param folder of the archives of one build, made when missing
 * @param name of the process; those of one name share an archive
 * @param classPath in the form of {@code java.class.path}
 * @param kind what the JVM can make
 */
record ClassArchive(Path folder, String name, String classPath, Kind kind) {

    /** Java that makes an ahead-of-time cache in one step. */
    private static final int AHEAD_OF_TIME_SINCE = 25;

    /** An archive that does not fit costs only time. */
    private static final String SILENT = "-Xlog:disable";

    private static final String MAKE_CACHE = "-XX:AOTCacheOutput=";

    enum Kind {
        /** A cache of loaded and linked classes (JEP 483 and 514): takes less time than the other. */
        AHEAD_OF_TIME(".aot"),
        /** A dynamic archive of loaded classes (JEP 350). */
        CLASS_DATA_SHARING(".jsa");

        private final String suffix;

        Kind(String suffix) {
            this.suffix = suffix;
        }

        static Kind ofThisJava() {
            return Runtime.version().feature() >= AHEAD_OF_TIME_SINCE ? AHEAD_OF_TIME : CLASS_DATA_SHARING;
        }
    }

    /**
     * JVM options that use the archive.
     *
     * @param make whether the JVM makes one where there is none
     */
    List<String> options(boolean make) {
        if (!Files.isDirectory(folder) && !folder.toFile().mkdirs()) {
            return List.of();
        }
        deleteOutdated();
        return switch (kind) {
            case CLASS_DATA_SHARING ->
                List.of(
                        "-XX:%sAutoCreateSharedArchive".formatted(make ? "+" : "-"),
                        "-XX:SharedArchiveFile=" + folder.resolve(prefix() + kind.suffix),
                        SILENT);
            case AHEAD_OF_TIME ->
                Stream.concat(aheadOfTime(make).stream(), Stream.of(SILENT)).toList();
        };
    }

    /** Whether a JVM that was started with this option makes a cache when it ends, which takes it seconds. */
    static boolean makes(String option) {
        return option.startsWith(MAKE_CACHE);
    }

    private String prefix() {
        return name + "-" + Integer.toHexString(classPath.hashCode());
    }

    /** Several JVMs may make one at the same time, each in a file of its own; the first complete one is used. */
    private Optional<String> aheadOfTime(boolean make) {
        Optional<File> complete = Stream.of(files(prefix(), kind.suffix))
                .filter(ClassArchive::isComplete)
                .sorted()
                .findFirst();
        if (complete.isEmpty() && make) {
            return Optional.of(MAKE_CACHE + folder.resolve(prefix() + "-" + UUID.randomUUID() + kind.suffix));
        }
        return complete.map(file -> "-XX:AOTCache=" + file);
    }

    /** The JVM writes the header, which begins with a number that is not 0, when all else is there. */
    private static boolean isComplete(File file) {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file.toPath()))) {
            return in.readInt() != 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void deleteOutdated() {
        long newest = Stream.of(classPath.split(File.pathSeparator, -1))
                .mapToLong(path -> new File(path).lastModified())
                .max()
                .orElse(0);
        Stream.of(files(name + "-", ""))
                .filter(each -> each.lastModified() < newest)
                .forEach(File::delete);
    }

    private File[] files(String prefix, String suffix) {
        File[] files = folder.toFile().listFiles((in, file) -> file.startsWith(prefix) && file.endsWith(suffix));
        return files == null ? new File[0] : files;
    }
}
