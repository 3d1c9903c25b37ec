package dev.annals.imports;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A text file to import, in UTF-8, gzipped or not; read from its beginning as often as it is opened.
 *
 * @param name for messages
 */
record InputFile(String name, Content content) {

    private static final int BUFFER = 1 << 16;
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;
    private static final int BYTE_ORDER_MARK = 0xfeff;

    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }

    static InputFile of(Path path) {
        return new InputFile(path.toString(), () -> {
            if (!Files.isRegularFile(path)) {
                throw new FileNotFoundException("there is no such file");
            }
            return Files.newInputStream(path);
        });
    }

    /** A file that ships with Annals. */
    static InputFile shipped(String resource) {
        return new InputFile(resource, () -> {
            InputStream in = InputFile.class.getResourceAsStream(resource);
            if (in == null) {
                throw new FileNotFoundException("it is missing in this build");
            }
            return in;
        });
    }

    /** @throws IOException if it can't be read; later also if it is not UTF-8 */
    Reader open() throws IOException {
        InputStream in = new BufferedInputStream(content.open(), BUFFER);
        InputStream plain = isGzip(in) ? new GZIPInputStream(in, BUFFER) : in;
        Reader reader = new BufferedReader(
                new InputStreamReader(
                        plain,
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT)),
                BUFFER);
        skipByteOrderMark(reader);
        return reader;
    }

    /** By content: names lie. */
    private static boolean isGzip(InputStream in) throws IOException {
        in.mark(2);
        boolean gzip = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
        in.reset();
        return gzip;
    }

    private static void skipByteOrderMark(Reader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
    }
}
