package dev.annals.imports;

import dev.annals.engine.deciding.CommandResult;

/** A command's note with its result. */
record Settled<N>(N note, CommandResult result) {}
