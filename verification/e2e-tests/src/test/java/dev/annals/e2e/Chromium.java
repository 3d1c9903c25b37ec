package dev.annals.e2e;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The machine's own Chromium, by Playwright: no browser is downloaded, and no Node where there is one. Keeps what no
 * page of ours may do: errors, and requests to other origins.
 */
final class Chromium implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final double LIMIT_MILLIS = 20_000;

    private final Playwright playwright;
    private final Browser browser;
    private final String origin;

    /** What went wrong on pages, one line each. */
    private final List<String> faults = new CopyOnWriteArrayList<>();

    Chromium(Path executable, String origin) {
        Map<String, String> environment = new HashMap<>(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
        onPath(List.of("node")).ifPresent(node -> environment.put("PLAYWRIGHT_NODEJS_PATH", node.toString()));
        this.playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        this.browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        // Root has no sandbox, and a container no shared memory to speak of.
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
        this.origin = origin;
    }

    static Optional<Path> installed() {
        return onPath(NAMES);
    }

    private static Optional<Path> onPath(List<String> names) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .flatMap(folder -> names.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A page of a user of its own. */
    Page page(int width, int height, ColorScheme colours) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(origin)
                .setViewportSize(width, height)
                .setLocale("en-GB")
                .setColorScheme(colours));
        context.setDefaultTimeout(LIMIT_MILLIS);
        Page page = context.newPage();
        page.onPageError(error -> faults.add("error: " + error));
        page.onConsoleMessage(message -> {
            boolean ofPolicy = message.text().contains("Content Security Policy");
            if (ofPolicy || (message.type().equals("error") && !message.text().startsWith("Failed to load resource"))) {
                faults.add("console: " + message.text());
            }
        });
        page.onRequest(request -> {
            if (!request.url().startsWith(origin + "/")) {
                faults.add("another origin: " + request.url());
            }
        });
        return page;
    }

    Page page() {
        return page(1280, 900, ColorScheme.LIGHT);
    }

    String origin() {
        return origin;
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
