/** The domains that the installation runs: the command line folds with their code. */
@NullMarked
package dev.annals.cli.domains;

import org.jspecify.annotations.NullMarked;
