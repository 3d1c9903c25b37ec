package dev.annals.console;

import dev.annals.service.http.ProblemException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The files that a browser shows, from the class path. They stay as they are for as long as the process lives, so each
 * is read once, and a browser asks with its {@code ETag} whether there is a new one. Thread-safe.
 */
final class Pages {

    private static final String FOLDER = "web/";
    private static final String INDEX = "index.html";

    /** Nothing else is a file of ours: no dots but one, no empty part. */
    private static final Pattern NAME = Pattern.compile("([a-z0-9-]+/)*[a-z0-9-]+\\.[a-z]+");

    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "txt", "text/plain; charset=utf-8");

    private static final int ETAG_BYTES = 16;

    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    private record Page(byte[] bytes, String mediaType, String etag) {}

    private final Map<String, Page> pages = new ConcurrentHashMap<>();

    /** The one page: it shows the screen that the address names. */
    void index(Context ctx) {
        send(ctx, INDEX);
    }

    /** Answers {@code /assets/<name>}. */
    void asset(Context ctx) {
        send(ctx, ctx.pathParam("name"));
    }

    private void send(Context ctx, String name) {
        Page page = pages.get(name);
        if (page == null) {
            page = read(name);
            pages.put(name, page);
        }
        ctx.header("ETag", page.etag());
        ctx.header("Cache-Control", "no-cache"); // may be kept, is asked for again
        ctx.contentType(page.mediaType()).result(page.bytes());
    }

    private static Page read(String name) {
        String mediaType = MEDIA_TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (mediaType == null || !NAME.matcher(name).matches()) {
            throw notFound(name);
        }
        try (InputStream in = Pages.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw notFound(name);
            }
            byte[] bytes = in.readAllBytes();
            return new Page(bytes, mediaType, etag(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("a file of our own can't be read: " + name, e);
        }
    }

    private static ProblemException notFound(String name) {
        return ProblemException.of(404, "not-found", "there is no file '%s'".formatted(name));
    }

    private static String etag(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(hash, 0, ETAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
