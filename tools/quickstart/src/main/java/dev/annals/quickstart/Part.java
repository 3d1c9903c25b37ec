package dev.annals.quickstart;

/** The processes of an installation. */
public enum Part {
    BROKER("broker", "Kafka broker"),
    REGISTRY("registry", "schema registry"),
    COMMANDS("command-service", "command service"),
    PROJECTOR("projector-service", "projector service"),
    QUERIES("query-service", "query service"),
    PROCESSES("process-service", "process service"),
    CONSOLE("console", "console");

    private final String fileName;
    private final String title;

    Part(String fileName, String title) {
        this.fileName = fileName;
        this.title = title;
    }

    /** In the names of its files. */
    String fileName() {
        return fileName;
    }

    /** For people. */
    public String title() {
        return title;
    }
}
