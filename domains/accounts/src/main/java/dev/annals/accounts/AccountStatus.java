package dev.annals.accounts;

import dev.annals.api.Doc;

@Doc("Whether an account takes bookings.")
public enum AccountStatus {
    OPEN,
    CLOSED
}
