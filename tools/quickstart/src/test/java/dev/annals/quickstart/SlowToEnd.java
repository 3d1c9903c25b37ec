package dev.annals.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;

/** A stand-in for a service that was told to end, is not ready from then on, and ends when the test lets it. */
final class SlowToEnd {
    private SlowToEnd() {}

    /** Keeps it from ending; it also ends with the JVM of the test. */
    record Hold(FileChannel lock) implements AutoCloseable {

        @Override
        public void close() {
            release();
        }

        /** May be called again. */
        void release() {
            try {
                lock.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static Hold hold(Path dataFolder) throws IOException {
        FileChannel channel = open(Files.createDirectories(dataFolder.resolve("state")));
        channel.lock();
        return new Hold(channel);
    }

    public static void main(String[] args) throws Exception {
        Properties config = StandIn.config(args);
        AtomicBoolean ending = new AtomicBoolean();
        Path state = Path.of(config.getProperty("annals.state.dir")).getParent();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            ending.set(true);
            awaitRelease(state);
        }));
        StandIn.serve(config, () -> !ending.get());
    }

    private static void awaitRelease(Path state) {
        try (FileChannel channel = open(Files.createDirectories(state))) {
            channel.lock();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileChannel open(Path state) throws IOException {
        return FileChannel.open(state.resolve("hold"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
