package dev.annals.accounts;

/** Whether an account takes bookings. */
public enum AccountStatus {
    OPEN,
    CLOSED
}
