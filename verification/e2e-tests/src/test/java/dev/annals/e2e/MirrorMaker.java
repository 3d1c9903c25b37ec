package dev.annals.e2e;

import dev.annals.embedded.JvmCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** MirrorMaker 2 with the properties that a user is given. */
record MirrorMaker(Process process, Path log) {

    private static final Path PROPERTIES = Path.of("../../deploy/mirror-maker/second-site.properties");

    /** Starts it. It ends with this JVM at the latest. */
    static MirrorMaker start(Installation from, Installation to, Path folder) throws IOException {
        Path log = folder.resolve("mirror-maker.txt");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "dev.annals.embedded.ChildMain",
                        "org.apache.kafka.connect.mirror.MirrorMaker",
                        PROPERTIES.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("CLASSPATH", JvmCommand.ownClassPath());
        builder.environment().put("PRIMARY_BOOTSTRAP_SERVERS", from.kafka().bootstrapServers());
        builder.environment().put("SECONDARY_BOOTSTRAP_SERVERS", to.kafka().bootstrapServers());
        return new MirrorMaker(builder.start(), log);
    }

    void kill() {
        Installation.kill(process.toHandle());
    }
}
