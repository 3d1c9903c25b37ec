package dev.annals.engine.deciding;

import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.avro.SingleObjectCodec;

/** Results as Avro without a registry. */
final class PlainResults implements CommandHandler.ResultCodec {

    private final RecordBinding<CommandResult> binding = CommandResult.binding();
    private final SingleObjectCodec codec = new SingleObjectCodec(CommandResult.SCHEMA);

    @Override
    public byte[] encode(CommandResult result) {
        return codec.encode(binding.toAvro(result));
    }

    @Override
    public CommandResult decode(byte[] encoded) {
        return binding.fromAvro(codec.decode(encoded));
    }
}
