package dev.annals.checker.check;

/** What must hold of a history. */
public enum Rule {
    /** Key, headers and partition of an event agree. */
    EVENT_ADDRESS,
    /** The versions of an aggregate are 1, 2, 3, … in the order of the log. */
    EVENT_VERSIONS,
    /** Every event belongs to a command that was sent and accepted. */
    EVENT_WITHOUT_COMMAND,
    /** The events of a command stand together, once, all of them. */
    COMMAND_EVENTS,
    /** The decider gives exactly these events at the state before them. */
    WRONG_EVENTS,
    /** An accepted command has its events. */
    LOST_EVENTS,
    /** The decider gives exactly this answer, with code and message, at the version that the answer names. */
    WRONG_ANSWER,
    /** A command with an expected version is accepted at that version only, and rejected for it at any other only. */
    EXPECTED_VERSION,
    /** What is asked after an answer came is decided at that answer's version or a later one. */
    REAL_TIME,
    /** Every result belongs to a call. */
    RESULT_WITHOUT_CALL,
    /** A command has one result; one over HTTP or by a gateway may have others, which decide nothing. */
    RESULT_TWICE,
    /** What a client was told stands in the results topic. */
    ANSWER_WITHOUT_RESULT,
    /** What a client was told is what stands in the results topic. */
    ANSWER_DIFFERS,
    /** A command that the broker has taken gets a result. */
    LOST_COMMAND,
    /** A command id is decided once; all other results under it are replays. */
    DECIDED_TWICE,
    /** A replay comes after the first result and equals it. */
    REPLAY_DIFFERS,
    /** An id that was used for one payload is refused for another, and for another only. */
    REUSED_ID,
    /** A command that can be read does not fail. */
    FAILED,
    /** The service refuses a command only because it has too many in flight; then it has no effect. */
    REFUSED,
    /** The money on all accounts, and on its way between them, is what was paid in and not withdrawn. */
    MONEY,
    /** Each transfer is booked once on the account that it was sent to, and completed; or never there, and refunded. */
    TRANSFER,
    /** At no version of a conference are more seats reserved than there are. */
    OVERSOLD,
    /** A reservation is made while none of its id stands, and cancelled once, with all its seats. */
    RESERVATION,
    /** The entries of an instance are 1, 2, 3, … in the order of the log, no command is sent twice, and it ends. */
    JOURNAL,
    /** No instance is parked. */
    PARKED,
    /** What the journals say was sent stands once in the command topics, and nothing else that a process sent. */
    PROCESS_COMMANDS,
    /** While a scenario's fault lasts, services say and do what the scenario expects of them. */
    UNDER_FAULT,
    /** After the faults end, everything is ready and decided within a limit. */
    NOT_RECOVERED
}
