package dev.annals.service.access;

/**
 * What a request does, by the name that a policy grants it under.
 *
 * @param name such as {@code command:accounts/Deposit} or {@code read:balances}
 */
public record Action(String name) {

    /** Anybody may, and nobody is asked for a token: whether a process lives. */
    public static final Action OPEN = new Action("open");

    /** Whoever has a valid token may: what is answered tells nothing of anybody. */
    public static final Action KNOWN = new Action("known");

    /** Between instances of one service; no token gives it, and no policy. */
    public static final Action INTERNAL = new Action("internal");

    /** What operators see and do: what is not ready and why, the state of views and processes, skips and retries. */
    public static final Action OPERATE = new Action("operate");

    public static final Action METRICS = new Action("metrics");

    /** The results of commands that one has sent: whoever has a valid token may. */
    public static final Action OWN_COMMANDS = new Action("own-commands");

    /** The result of a command, whoever sent it, to whom knows its id. */
    public static final Action READ_COMMANDS = new Action("read-commands");

    public static Action command(String type, String command) {
        return new Action("command:" + type + "/" + command);
    }

    /** Events and state of the aggregates of a type, rows of a view, or instances of a process with their journals. */
    public static Action read(String name) {
        return new Action("read:" + name);
    }
}
