package dev.annals.engine.deciding;

/** Results to and from the bytes that are published, which are stored with the command's id as well. One thread at a time. */
interface ResultCodec {

    /** @throws CommandFailedException if the result can't be written or is too large */
    byte[] encode(CommandResult result);

    /** Reads what {@link #encode} wrote, in this version or an older one. */
    CommandResult decode(byte[] encoded);
}
