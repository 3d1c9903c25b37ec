package dev.annals.testsupport;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/** Kinds of a RocksDB store's files, whose bytes can be flipped. */
public enum DamagedFiles {
    /** Sorted tables, which hold the data. */
    TABLES("glob:*.sst"),
    /** Which say what tables there are. */
    MANIFEST("glob:MANIFEST-*"),
    /** Which say what manifest counts. */
    CURRENT("glob:CURRENT");

    /** Less than a block, so that each is hit. */
    private static final int STEP = 512;

    private static final int BITS = 0x55;

    private final String names;

    DamagedFiles(String names) {
        this.names = names;
    }

    /**
     * Flips bits in all files of this kind below a folder: in the first byte of each 512.
     *
     * @return how many files
     */
    public int in(Path folder) {
        PathMatcher wanted = folder.getFileSystem().getPathMatcher(names);
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(Files::isRegularFile)
                    .filter(file -> wanted.matches(file.getFileName()))
                    .toList();
            for (Path file : files) {
                flip(file);
            }
            return files.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void flip(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            for (long at = 0; at < bytes.length(); at += STEP) {
                bytes.seek(at);
                int before = bytes.read();
                bytes.seek(at);
                bytes.write(before ^ BITS);
            }
        }
    }
}
