package dev.annals.service.access;

import java.util.Locale;

/**
 * What a request does, by the name that a policy grants it under.
 *
 * @param name such as {@code command:accounts/Deposit} or {@code read:balances}
 * @param of whose fields a row rule is about
 */
public record Action(String name, Of of) {

    /** Anybody may, and nobody is asked for a token: whether a process lives. */
    public static final Action OPEN = new Action("open", Of.NOTHING);

    /** Whoever has a valid token may: what is answered depends on who it is, or tells nothing of anybody. */
    public static final Action KNOWN = new Action("known", Of.NOTHING);

    /** Between instances of one service; no token gives it. */
    public static final Action INTERNAL = new Action("internal", Of.NOTHING);

    /** What operators see and do: what is not ready and why, the state of views and processes, skips and retries. */
    public static final Action OPERATE = new Action("operate", Of.NOTHING);

    public static final Action METRICS = new Action("metrics", Of.NOTHING);

    /** Results of commands that others have sent; who sent one sees its result without. */
    public static final Action READ_ALL_COMMANDS = new Action("commands:read-all", Of.NOTHING);

    /** Whose fields a row rule of a policy can name. */
    public enum Of {
        NOTHING,
        /** The state of the aggregate, as it is now. */
        STATE,
        /** The row of a view. */
        ROW;

        /** As it stands before the dot in a policy. */
        String prefix() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Action command(String type, String command) {
        return new Action("command:" + type + "/" + command, Of.STATE);
    }

    /** Events and state of an aggregate. */
    public static Action readAggregate(String type) {
        return new Action("read:" + type, Of.STATE);
    }

    /** Rows, and their changes. */
    public static Action readView(String view) {
        return new Action("read:" + view, Of.ROW);
    }

    /** Instances of a process, and their journals. */
    public static Action readProcess(String process) {
        return new Action("read:" + process, Of.NOTHING);
    }
}
