package dev.annals.cli.importing;

import dev.annals.core.deciding.CommandResult;

/** A command's note with its result. */
record Settled<N>(N note, CommandResult result) {}
