package dev.annals.service.access;

/** What kind of thing an {@link Action} is: limits and the audit log tell these apart. */
public enum ActionKind {
    COMMAND,
    /** Of what an installation has, and of results. */
    READ,
    OPERATE,
    /** What watches services, what instances do among themselves, and what tells nothing of anybody. */
    OTHER;

    public static ActionKind of(Action action) {
        String name = action.name();
        if (name.startsWith("command:")) {
            return COMMAND;
        }
        if (name.startsWith("read:") || action.equals(Action.OWN_COMMANDS)) {
            return READ;
        }
        return action.equals(Action.OPERATE) ? OPERATE : OTHER;
    }
}
