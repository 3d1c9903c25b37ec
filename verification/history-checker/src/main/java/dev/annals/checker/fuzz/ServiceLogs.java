package dev.annals.checker.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What services have logged of warnings and errors, counted by what they say. */
final class ServiceLogs {

    private static final Pattern LINE = Pattern.compile(
            "time=\\S+ level=(?<level>\\S+) logger=(?<logger>\\S+) .*?message=\"(?<message>[^\"]*)\"(?<rest>.*)");
    private static final Pattern NUMBERS = Pattern.compile("\\d+");
    private static final int SHOWN = 100;
    private static final int FIRST_SHOWN = 1_200;

    private ServiceLogs() {}

    /**
     * What was said, with how often and the first line.
     *
     * @param bytes of the log
     * @param errors errors, and lines that are no log lines but tell of exceptions, by what they say
     * @param warnings likewise
     */
    record Seen(long bytes, Map<String, Said> errors, Map<String, Said> warnings) {}

    record Said(long times, String first) {

        Said once() {
            return new Said(times + 1, first);
        }
    }

    /** @param from bytes that are passed over: what was logged while everything started */
    static Seen read(Path log, long from) throws IOException {
        Map<String, Said> errors = new TreeMap<>();
        Map<String, Said> warnings = new TreeMap<>();
        InputStream bytes = Files.newInputStream(log);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                bytes,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)))) {
            bytes.skipNBytes(from);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher parts = LINE.matcher(line);
                if (!parts.matches()) {
                    if (line.contains("Exception") || line.contains("Error")) {
                        count(errors, line, line);
                    }
                } else if (parts.group("level").equals("ERROR")) {
                    count(errors, parts.group("logger") + ": " + parts.group("message"), line);
                } else if (parts.group("level").equals("WARN")) {
                    count(warnings, parts.group("logger") + ": " + parts.group("message"), line);
                }
            }
        }
        return new Seen(Files.size(log), errors, warnings);
    }

    private static void count(Map<String, Said> said, String what, String line) {
        String key = NUMBERS.matcher(what.length() > SHOWN ? what.substring(0, SHOWN) : what)
                .replaceAll("#");
        String first = line.length() > FIRST_SHOWN ? line.substring(0, FIRST_SHOWN) + "…" : line;
        said.merge(key, new Said(1, first), (known, unused) -> known.once());
    }
}
