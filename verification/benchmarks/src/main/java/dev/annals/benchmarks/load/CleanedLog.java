package dev.annals.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of one partition, as the broker's log cleaner leaves them.
 *
 * @param data the broker's folder of logs
 */
record CleanedLog(Path data, String topic) {

    private static final String CHECKPOINT = "cleaner-offset-checkpoint";
    private static final String SEGMENT = ".log";

    /** Up to where it has been cleaned; 0 before the first pass. The broker replaces the file after each pass. */
    long cleanedTo() throws IOException {
        Path file = data.resolve(CHECKPOINT);
        if (!Files.exists(file)) {
            return 0;
        }
        return Files.readAllLines(file).stream()
                .map(line -> line.split(" "))
                .filter(words -> words.length == 3 && words[0].equals(topic))
                .mapToLong(words -> Long.parseLong(words[2]))
                .findFirst()
                .orElse(0);
    }

    /** Of the segments that begin before this offset. */
    long bytesBelow(long offset) throws IOException {
        long bytes = 0;
        for (Path segment : segments()) {
            String name = segment.getFileName().toString();
            if (Long.parseLong(name.substring(0, name.length() - SEGMENT.length())) < offset) {
                bytes += Files.size(segment);
            }
        }
        return bytes;
    }

    /** Those that count: not what is being written or is about to be deleted. */
    List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve(topic + "-0"))) {
            return files.filter(file -> file.toString().endsWith(SEGMENT)).toList();
        }
    }
}
