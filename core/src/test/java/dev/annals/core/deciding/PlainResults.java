package dev.annals.core.deciding;

import dev.annals.core.avro.RecordBinding;
import dev.annals.core.avro.SingleObjectCodec;

/** Results as Avro without a registry. */
final class PlainResults implements ResultCodec {

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
