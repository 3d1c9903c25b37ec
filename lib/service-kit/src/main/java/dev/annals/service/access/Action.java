package dev.annals.service.access;

import java.util.Locale;

/**
 * What a request does, by the name that a policy grants it under.
 *
 * @param name such as {@code command:accounts/Deposit} or {@code read:balances}
 * @param of whose fields a rule of a policy is about
 */
public record Action(String name, Of of) {

    /** Whose fields a rule of a policy can name. */
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

    /** Anybody may, and nobody is asked for a token: whether a process lives. */
    public static final Action OPEN = new Action("open", Of.NOTHING);

    /** Whoever has a valid token may: what is answered tells nothing of anybody. */
    public static final Action KNOWN = new Action("known", Of.NOTHING);

    /** Between instances of one service; no token gives it, and no policy. */
    public static final Action INTERNAL = new Action("internal", Of.NOTHING);

    /** What operators see and do: what is not ready and why, the state of views and processes, skips and retries. */
    public static final Action OPERATE = new Action("operate", Of.NOTHING);

    public static final Action METRICS = new Action("metrics", Of.NOTHING);

    /** The results of commands that one has sent: whoever has a valid token may. */
    public static final Action OWN_COMMANDS = new Action("own-commands", Of.NOTHING);

    /** The result of a command, whoever sent it, to whom knows its id. */
    public static final Action READ_COMMANDS = new Action("read-commands", Of.NOTHING);

    public static Action command(String type, String command) {
        return new Action("command:" + type + "/" + command, Of.STATE);
    }

    /** Events and states of the aggregates of a type. */
    public static Action readAggregates(String type) {
        return new Action("read:" + type, Of.STATE);
    }

    /** Rows of a view. */
    public static Action readRows(String view) {
        return new Action("read:" + view, Of.ROW);
    }

    /** Instances of a process, with their journals. */
    public static Action readProcess(String process) {
        return new Action("read:" + process, Of.NOTHING);
    }
}
