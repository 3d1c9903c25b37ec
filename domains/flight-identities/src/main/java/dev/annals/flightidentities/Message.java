package dev.annals.flightidentities;

import dev.annals.api.Doc;

@Doc("A message as it was received: what isn't needed today may be needed later.")
public record Message(
        @Doc("In the sender's own format.") String text,

        @Doc("Of that format, for instance application/xml.")
        String mediaType) {}
