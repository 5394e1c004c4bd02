package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.util.HtmlUtils;

/**
 * The first lines that somebody copies, run word for word: each prints a result. CommandTest runs
 * those of docs/platforms.md.
 */
@Tag("scenarios")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnippetsTest {

  private static final Path HOME =
      Path.of(System.getProperty("behalf.home", "..")).toAbsolutePath().normalize();
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final Pattern KEY = Pattern.compile("bh_test_[0-9A-Za-z]{50}");

  private BehalfSystem behalf;
  private Map<String, String> shown;
  private String key;

  @BeforeAll
  void start() throws Exception {
    behalf = BehalfSystem.shared();
    var page = behalf.signUp().form("/docs", Map.of()).body();
    shown = new HashMap<>();
    Pattern.compile("(?s)<pre[^>]*id=\"snippet-([a-z]+)\"[^>]*>(.*?)</pre>")
        .matcher(page)
        .results()
        .forEach(each -> shown.put(each.group(1), HtmlUtils.htmlUnescape(each.group(2))));
    key = KEY.matcher(page).results().map(MatchResult::group).findFirst().orElseThrow();
  }

  @Test
  void on_the_page_with_curl(@TempDir Path folder) throws Exception {
    assertThat(run(folder, "sh", "-c", shown("curl")))
        .contains("\"state\":\"succeeded\"", "\"result\":{\"text\":\"");
  }

  @Test
  void on_the_page_in_java(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("FirstCall.java"), shown("java"));

    assertThat(run(folder, JAVA, file.toString())).contains("\"result\":{\"text\":\"");
  }

  @Test
  void on_the_page_in_python(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("first_call.py"), shown("python"));

    assertThat(run(folder, Required.program("python3").toString(), file.toString()))
        .contains("'result': {'text': ");
  }

  /** It is JavaScript, too, so that any Node runs it. */
  @Test
  void on_the_page_in_typescript(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("first-call.mjs"), shown("typescript"));

    assertThat(run(folder, Required.program("node").toString(), file.toString()))
        .containsPattern("result: \\{\\s+text: ");
  }

  @Test
  void on_the_page_with_the_command_line() throws Exception {
    assertThat(run(HOME, "sh", "-c", shown("cli"))).contains("succeeded").contains("\"text\"");
  }

  @Test
  void of_the_client_in_python(@TempDir Path folder) throws Exception {
    Files.copy(HOME.resolve("clients/python/behalf.py"), folder.resolve("behalf.py"));
    var file =
        Files.writeString(folder.resolve("first.py"), first("clients/python/README.md", "python"));

    assertThat(run(folder, Required.program("python3").toString(), file.toString()))
        .isEqualToIgnoringWhitespace("{'text': 'hi'}");
  }

  @Test
  void of_the_client_in_java(@TempDir Path folder) throws Exception {
    var file =
        Files.writeString(
            folder.resolve("First.java"),
            """
            import dev.behalf.client.BehalfClient;
            import java.time.Duration;
            import java.util.Map;
            class First {
              public static void main(String[] args) throws Exception {
            %s
              }
            }
            """
                .formatted(first("docs/java.md", "java")));

    var said = run(folder, JAVA, "-cp", System.getProperty("java.class.path"), file.toString());

    assertThat(said).contains("{\"text\":\"hello\"}");
  }

  /** All commands after the start; the two variables are set as in every test here. */
  @Test
  void of_the_first_steps() throws Exception {
    var commands =
        blocks("docs/first-steps.md", "sh").stream()
            .filter(block -> !block.startsWith("./behalf up") && !block.startsWith("export "))
            .toList();

    assertThat(commands).hasSize(3);
    assertThat(run(HOME, "sh", "-ec", String.join("\n", commands)))
        .contains("\"label\":\"delivery\"", "\"state\":\"succeeded\"", "\"seal\":{");
  }

  private String shown(String id) {
    assertThat(shown).containsKey(id);
    return String.valueOf(shown.get(id));
  }

  private static String first(String file, String language) throws IOException {
    return blocks(file, language).stream()
        .filter(block -> !block.contains("<dependency>"))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> blocks(String file, String language) throws IOException {
    return Pattern.compile("(?s)```" + language + "\n(.*?)```")
        .matcher(Files.readString(HOME.resolve(file)))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  private String run(Path folder, String... command) throws Exception {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("BEHALF_SERVER", behalf.web().toString());
    builder.environment().put("BEHALF_API_KEY", key);
    return Program.run(builder, Duration.ofMinutes(2));
  }
}
