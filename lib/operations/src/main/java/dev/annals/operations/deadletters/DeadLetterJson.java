package dev.annals.operations.deadletters;

import dev.annals.operations.deadletters.DeadLetters.SentAgain;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dead letters and what came of them as JSON objects, for the command line and over HTTP. */
public final class DeadLetterJson {

    private DeadLetterJson() {}

    public static Map<String, @Nullable Object> of(DeadLetter letter) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("partition", letter.position().partition());
        json.put("offset", letter.position().offset());
        json.put("time", letter.time().toString());
        json.put("key", letter.key());
        json.put("reason", letter.reason());
        json.put("message", letter.message());
        json.put("originTopic", letter.origin().topic());
        json.put("originPartition", number(letter.origin().partition()));
        json.put("originOffset", number(letter.origin().offset()));
        json.put("commandId", letter.commandId());
        json.put("commandType", letter.commandType());
        return json;
    }

    private static @Nullable Long number(@Nullable String text) {
        return text != null && text.matches("\\d{1,18}") ? Long.valueOf(text) : null;
    }

    public static Map<String, @Nullable Object> of(SentAgain result) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("outcome", result.outcome().name().toLowerCase(Locale.ROOT));
        json.put("version", result.version());
        json.put("code", result.code());
        json.put("message", result.message());
        if (result.deadLetter() != null) {
            json.put("deadLetter", result.deadLetter());
        }
        return json;
    }
}
