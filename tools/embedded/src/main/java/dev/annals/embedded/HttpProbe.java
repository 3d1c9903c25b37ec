package dev.annals.embedded;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;

/** Asks whether a server is up. */
public final class HttpProbe {

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);

    private HttpProbe() {}

    /** Whether a GET is answered with 200 within a second. */
    public static boolean isOk(String url) {
        return isOk(url, ANSWER_LIMIT);
    }

    /** Whether a GET is answered with 200 within the limit. */
    public static boolean isOk(String url, Duration limit) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout((int) limit.toMillis());
            connection.setReadTimeout((int) limit.toMillis());
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException notYet) {
            return false;
        }
    }
}
