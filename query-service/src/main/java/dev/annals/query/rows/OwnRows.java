package dev.annals.query.rows;

import dev.annals.query.routing.Visibility;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.views.ViewTable;
import dev.annals.service.http.ProblemException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The rows of a partition that somebody may see: neither pages nor cursors tell of others. For one thread. */
final class OwnRows implements Iterator<StoredRecord> {

    /**
     * How many rows of others one request passes over on one instance. There is no page that ends among them, for its
     * cursor would tell of one.
     */
    static final int MAX_HIDDEN = 100_000;

    /** Shared by the partitions of one request. */
    static final class Budget {
        private int left = MAX_HIDDEN;
    }

    private final Iterator<StoredRecord> all;
    private final ViewTable view;
    private final Visibility visibility;
    private final Budget budget;
    private @Nullable StoredRecord next;

    OwnRows(Iterator<StoredRecord> all, ViewTable view, Visibility visibility, Budget budget) {
        this.all = all;
        this.view = view;
        this.visibility = visibility;
        this.budget = budget;
        next = advance();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public StoredRecord next() {
        StoredRecord here = next;
        if (here == null) {
            throw new NoSuchElementException();
        }
        next = advance();
        return here;
    }

    /** @throws ProblemException 403 if there are too many of others before the next */
    private @Nullable StoredRecord advance() {
        while (all.hasNext()) {
            StoredRecord record = all.next();
            if (visibility.sees(view.row(record))) {
                return record;
            }
            if (--budget.left < 0) {
                throw ProblemException.of(
                        403,
                        "own-rows-out-of-reach",
                        ("your rows of %s stand among too many of others to be looked for; ask for them by a view whose keys"
                                        + " begin with the field of your rule")
                                .formatted(view.name()));
            }
        }
        return null;
    }
}
