package dev.annals.imports;

import dev.annals.imports.SalesCheck.Verdict;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.ServiceClient;
import dev.annals.operations.kafka.KafkaAccess;
import java.util.Map;

/** Import of {@link OnlineRetail}. It is right if the views agree with the results, as {@link SalesCheck} says. */
record OnlineRetailImport(OnlineRetail source) implements Import {

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public ImportReport run(KafkaAccess kafka, ServiceClient queries, ProgressListener progress) {
        SalesCheck check = new SalesCheck(queries);
        SalesBooks books = new SalesBooks();
        Importer.Run run = new Importer(kafka).run(source, books, progress);
        Verdict verdict = check.verdict(books);
        return ImportReport.of(
                name(),
                run,
                verdict.totals() == null ? Map.of() : verdict.totals().figures(),
                verdict.same(),
                verdict.differences());
    }
}
