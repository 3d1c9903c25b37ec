package dev.annals.embedded;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks whether a server is up, within a second. */
public final class HttpProbe {

    private static final int ANSWER_LIMIT_MILLIS = 1_000;

    private HttpProbe() {}

    /** Whether a GET is answered with 200. */
    public static boolean isOk(String url) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(ANSWER_LIMIT_MILLIS);
            connection.setReadTimeout(ANSWER_LIMIT_MILLIS);
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
