package dev.annals.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A command that reads or writes topics. */
@Command(sortOptions = false)
abstract class KafkaCommand extends Action {

    @Mixin
    final KafkaOptions kafka = new KafkaOptions();
}
