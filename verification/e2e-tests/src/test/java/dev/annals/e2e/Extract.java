package dev.annals.e2e;

/** The figures of the extract of Online Retail that comes with the quickstart. */
final class Extract {

    static final long ACCEPTED = 969;
    static final long REJECTED = 67;
    static final long LINES = 24_815;
    static final String TOTAL = "498035.57";
    static final String UNITED_KINGDOM = "459364.05";

    private Extract() {}
}
