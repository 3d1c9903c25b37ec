package dev.annals.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What all commands have that do something. The order of options says where they stand in a help that isn't sorted:
 * behind those of the command itself.
 */
abstract class Action {

    static final int TARGET = 1;
    static final int CONNECTION = 2;
    static final int SERVICE = 3;
    static final int OUTPUT = 4;
    private static final int HELP = 5;

    @Mixin
    final Output output = new Output();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = HELP,
            description = "Show this help message and exit.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            order = HELP,
            description = "Print version information and exit.")
    boolean version;
}
