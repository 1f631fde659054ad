package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;

import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;

/** A person at the console, in a headless Chromium of this machine. */
final class Browser implements AutoCloseable {

    private static final File CHROMIUM = new File("/usr/bin/chromium");
    private static final File DRIVER = new File("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final Set<String> SERIOUS = Set.of("serious", "critical");

    /** What the browser says of every answer that is not a success, however it is meant. */
    private static final String NO_SUCCESS = "Failed to load resource: the server responded with";

    private final ChromeDriver driver;
    private final URI page;

    /** A screen, and which of its two looks the person wants. */
    enum Screen {
        DESKTOP_LIGHT(1280, 900, 1, "light"),
        DESKTOP_DARK(1280, 900, 1, "dark"),
        PHONE_LIGHT(390, 844, 2, "light"),
        PHONE_DARK(390, 844, 2, "dark");

        private final int width;
        private final int height;
        private final int scale;
        private final String scheme;

        Screen(int width, int height, int scale, String scheme) {
            this.width = width;
            this.height = height;
            this.scale = scale;
            this.scheme = scheme;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Opens one on a console. */
    Browser(URI page) {
        this.page = page;
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM);
        options.addArguments(
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        this.driver =
                new ChromeDriver(
                        new ChromeDriverService.Builder()
                                .usingDriverExecutable(DRIVER)
                                .usingAnyFreePort()
                                .build(),
                        options);
        // A page that waits for a connection which an earlier one has kept is not there by then.
        driver.manage().timeouts().pageLoadTimeout(PATIENCE);
        use(Screen.DESKTOP_LIGHT);
    }

    /** From now on it is looked at on another screen. */
    void use(Screen screen) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        screen.width,
                        "height",
                        screen.height,
                        "deviceScaleFactor",
                        screen.scale,
                        "mobile",
                        screen.width < 500));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", screen.scheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Opens a view anew, and waits until it shows what it is to show. */
    void open(String view, String awaited) {
        driver.get("about:blank");
        driver.get(page.resolve("/#/" + view).toString());
        see(awaited);
    }

    /** How long it took from the beginning of the page's load to the last answer so far. */
    double millisToLastAnswer() {
        return Double.parseDouble(
                String.valueOf(
                        driver.executeScript(
                                "return Math.max(...performance.getEntriesByType('resource')"
                                        + ".filter(one => one.initiatorType === 'fetch')"
                                        + ".map(one => one.responseEnd))")));
    }

    /** Waits for an element; of several, the first. */
    WebElement see(String css) {
        return await(css)
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> driver.findElement(By.cssSelector(css)), WebElement::isDisplayed);
    }

    /** Waits until an element has a text. */
    void see(String css, String text) {
        await(css + " with " + text)
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() ->
                        driver.findElements(By.cssSelector(css)).stream()
                                .anyMatch(element -> element.getText().contains(text)));
    }

    /** The texts of all elements there are now. */
    List<String> texts(String css) {
        return driver.findElements(By.cssSelector(css)).stream().map(WebElement::getText).toList();
    }

    /** The value of an attribute of each element there is now. */
    List<String> attributes(String css, String name) {
        return driver.findElements(By.cssSelector(css)).stream()
                .map(element -> String.valueOf(element.getDomAttribute(name)))
                .toList();
    }

    void click(String css) {
        WebElement element = see(css);
        driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
        element.click();
    }

    /** Types over what stands in a field. */
    void type(String css, String text) {
        WebElement field = see(css);
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        field.sendKeys(text);
    }

    /** Signs the act that is asked for, and does it; waits until it is told as done. */
    void act(String by, String why, String told) {
        type("dialog input[name=by]", by);
        if (!why.isEmpty()) {
            type("dialog input[name=why]", why);
        }
        click("dialog button[type=submit]");
        see("#said", told);
        assertThat(driver.findElements(By.cssSelector("dialog"))).isEmpty();
    }

    /** Keeps a picture of the whole page. */
    void shoot(String name, Screen screen) {
        Object picture =
                driver.executeCdpCommand(
                                "Page.captureScreenshot",
                                Map.of("format", "png", "captureBeyondViewport", true))
                        .get("data");
        try {
            Files.createDirectories(SCREENSHOTS);
            Files.write(
                    SCREENSHOTS.resolve(name + "-" + screen.word() + ".png"),
                    Base64.getDecoder().decode(String.valueOf(picture)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The rules of accessibility that the page breaks seriously, each with where. */
    List<String> barriers() {
        Results found = new AxeBuilder().analyze(driver);
        assertThat(found.getPasses()).as("rules that were tried").isNotEmpty();
        return found.getViolations().stream()
                .filter(rule -> SERIOUS.contains(rule.getImpact()))
                .map(Browser::words)
                .toList();
    }

    private static String words(Rule rule) {
        return rule.getId()
                + " "
                + rule.getNodes().stream()
                        .map(node -> node.getHtml() + " " + node.getFailureSummary())
                        .toList();
    }

    /** By how many pixels the page is wider than its screen. */
    long overflow() {
        Object pixels =
                driver.executeScript(
                        "return document.documentElement.scrollWidth -"
                                + " document.documentElement.clientWidth");
        return pixels instanceof Long wide ? wide : Long.MAX_VALUE;
    }

    /** What went wrong in the page, by the browser's log; a refusal of the service did not. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .filter(message -> !message.contains(NO_SUCCESS))
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
