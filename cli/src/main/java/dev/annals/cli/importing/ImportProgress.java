package dev.annals.cli.importing;

/** Is told how an import goes, from any thread. */
interface ImportProgress extends AutoCloseable {

    /** How many commands have their result. */
    void results(long done);

    @Override
    void close();

    /** Tells nobody. */
    static ImportProgress silent() {
        return new ImportProgress() {
            @Override
            public void results(long done) {}

            @Override
            public void close() {}
        };
    }
}
