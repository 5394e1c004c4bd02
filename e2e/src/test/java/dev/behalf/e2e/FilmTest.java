package dev.behalf.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.behalf.testkit.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Films the way from the first command to the first streamed answer for the README, with {@code
 * -Dbehalf.film.write=true}. Commands, output and pages are real; the start is shown faster.
 */
@Tag("scenarios")
@EnabledIfSystemProperty(named = "behalf.film.write", matches = "true")
class FilmTest {

  private static final Path HOME = Path.of(System.getProperty("behalf.home", ".."));
  private static final String TERMINAL =
      """
      <body style="background: #14171f; color: #e6e8ee; margin: 20px 24px;
        font: 16px/1.5 monospace; white-space: pre-wrap">
      """;
  private static final String UP = "./behalf up --operations samples/engines";
  private static final String READY = "Behalf is ready: ";

  /** As fresh as a clone: it has the sources, what was built of them, and no data. */
  @TempDir Path clone;

  private final Film film = new Film();
  private String terminal = "";

  @Test
  void from_the_first_command_to_the_first_streamed_answer() throws Exception {
    link();
    try (var chrome = Chrome.startOrSkip();
        var engine = SampleEngine.start(Required.program("python3"), "engine.py", 8701)) {
      var page = chrome.newPage(ColorScheme.LIGHT, Film.WIDTH, true);
      page.setViewportSize(Film.WIDTH, Film.HEIGHT);
      page.setContent(TERMINAL);
      type(page, "python3 samples/engines/engine.py &");
      type(page, UP);
      var up =
          new ProcessBuilder(UP.split(" ", -1))
              .directory(clone.toFile())
              .redirectErrorStream(true)
              .start();
      try {
        signUp(page, address(page, up));
        run(page);
      } finally {
        up.destroy();
        up.waitFor(3, TimeUnit.MINUTES);
      }
    }
    var images = HOME.resolve("docs/images");
    film.write(images.resolve("first-answer.gif"), images.resolve("first-answer.png"));
  }

  /** Copies keep their age: `behalf` builds again what is newer than its jar. */
  private void link() throws IOException {
    try (var parts = Files.list(HOME)) {
      for (var part : parts.filter(one -> !one.endsWith(".behalf")).toList()) {
        var there = clone.resolve(part.getFileName());
        if (Files.isDirectory(part)) {
          Files.createSymbolicLink(there, part.toRealPath());
        } else {
          Files.copy(part, there, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  private void type(Page page, String command) throws IOException {
    print(page, "$ ", 300);
    for (var part : command.split("(?<=\\G.{4})", -1)) {
      print(page, part, 70);
    }
    print(page, "\n", 300);
  }

  private void print(Page page, String text, int millis) throws IOException {
    terminal += text;
    page.evaluate("text => document.body.textContent = text", terminal);
    film.hold(page, millis);
  }

  /** Prints what the command prints, until it is ready. */
  private String address(Page page, Process up) throws IOException {
    var lines = up.inputReader();
    for (String line; (line = lines.readLine()) != null; ) {
      print(page, line + "\n", 150);
      if (line.startsWith(READY)) {
        print(page, lines.readLine() + "\n", 1200);
        return line.substring(READY.length());
      }
    }
    throw new AssertionError(terminal);
  }

  private void signUp(Page page, String address) throws IOException {
    page.navigate(address);
    film.hold(page, 800);
    film.click(page, page.locator("main a.primary"));
    page.waitForURL("**/signup");
    film.hold(page, 300);
    film.type(page, "ada@example.com");
    page.keyboard().press("Tab");
    film.type(page, "correct horse battery staple");
    film.click(page, page.locator("main button.primary"));
    page.waitForURL("**/home");
    film.hold(page, 800);
  }

  private void run(Page page) throws IOException {
    film.click(page, page.locator("[data-operation=shout-slowly]"));
    assertThat(page.locator("[data-operation=shout-slowly][aria-current]")).isVisible();
    film.hold(page, 700);
    film.click(page, page.locator("#run"));
    page.locator("#job").waitFor();
    film.watch(page, page.locator("#job-cost a[href$=receipt]")::isVisible);
    page.waitForTimeout(1000);
    film.hold(page, 2500);
  }
}
