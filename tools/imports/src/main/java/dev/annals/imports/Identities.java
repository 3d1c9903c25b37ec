package dev.annals.imports;

import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.imports.Channel.Counts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Messages of a channel as commands to the register of identities: each says whose flight it is, and gets our id for
 * it. A message that stands twice in the input is sent once. The messages are kept in memory.
 */
final class Identities implements CommandSource<Told> {

    /** It is the aggregate's id, and what a receiver misheard is none. */
    private static final Pattern CALLSIGN = Pattern.compile("[A-Z0-9]{2,10}");

    private static final String MALFORMED = "malformed-callsigns";
    private static final String REPEATED = "repeated-messages";

    private final Channel channel;
    private final List<InputFile> files;
    private final List<Told> messages = new ArrayList<>();
    private Counts counts = new Counts();

    Identities(Channel channel, List<InputFile> files) {
        this.channel = channel;
        this.files = List.copyOf(files);
    }

    @Override
    public String name() {
        return channel.name();
    }

    @Override
    public String aggregateType() {
        return "flight-identities";
    }

    @Override
    public List<Class<? extends Record>> payloads() {
        return List.of(Identify.class);
    }

    @Override
    public Survey survey() {
        messages.clear();
        counts = new Counts();
        Set<String> ids = new HashSet<>();
        channel.read(
                files,
                told -> {
                    if (!CALLSIGN.matcher(told.callsign()).matches()) {
                        counts.skip(MALFORMED);
                    } else if (ids.add(told.commandId())) {
                        messages.add(told);
                    } else {
                        counts.skip(REPEATED);
                    }
                },
                counts);
        return new Survey(messages.size(), counts.skipped());
    }

    @Override
    public void forEach(Consumer<Outgoing<Told>> commands) {
        for (Told told : messages) {
            commands.accept(new Outgoing<>(
                    told.callsign(),
                    told.commandId(),
                    told.identify(),
                    told.identify().time(),
                    null,
                    told));
        }
    }

    /** What the channel tells of the input; after {@link #survey}. */
    Map<String, Long> rows() {
        return counts.rows();
    }

    /** What must come of the input; after {@link #survey}. */
    IdentityBooks books() {
        return IdentityBooks.of(messages);
    }
}
