package dev.annals.benchmarks.load;

import dev.annals.engine.kafka.Topics;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The floor in a JVM of its own: as many {@link FloorLoop}s as threads, in one consumer group. */
@Command(name = "floor", description = "A hand-written consume–transform–produce loop, the floor of the load program.")
final class FloorMain implements Runnable {

    @Option(names = "--bootstrap", required = true)
    private String bootstrap = "";

    @Option(names = "--topics-prefix")
    private String prefix = "";

    @Option(names = "--threads")
    private int threads = 1;

    @Option(names = "--linger")
    private int linger;

    @Option(names = "--poll-records")
    private int pollRecords = FloorLoop.DEFAULT_POLL_RECORDS;

    public static void main(String[] args) {
        System.exit(new CommandLine(new FloorMain()).execute(args));
    }

    @Override
    public void run() {
        Topics topics = new Topics(prefix);
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            FloorLoop loop = new FloorLoop(bootstrap, topics, i, linger, pollRecords);
            started.add(Thread.ofPlatform()
                    .name("floor-" + i)
                    .uncaughtExceptionHandler((thread, failure) -> end(failure))
                    .start(loop));
        }
        started.forEach(FloorMain::join);
    }

    /** One loop that is gone would leave its partitions to the others and change what is measured. */
    private static void end(Throwable failure) {
        failure.printStackTrace();
        Runtime.getRuntime().halt(1);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
