package dev.annals.accounts;

import dev.annals.api.RejectionCode;

/** Why a command on an account can be rejected. The codes are published: they are never renamed. */
enum AccountRejection implements RejectionCode<AccountEvent> {
    ACCOUNT_ALREADY_EXISTS,
    ACCOUNT_NOT_FOUND,
    INVALID_AMOUNT,
    INSUFFICIENT_FUNDS,
    ACCOUNT_CLOSED,
    BALANCE_NOT_ZERO,
    INVALID_ACCOUNT_ID,
    CURRENCY_MISMATCH,
    TOO_MANY_OPEN_TRANSFERS,
    TRANSFER_NOT_OPEN,
    TRANSFERS_OPEN
}
