package dev.behalf.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ProblemCode;
import dev.behalf.invariant.Invariant;
import dev.behalf.server.security.Scope;
import dev.behalf.web.work.jobs.ShownState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every text of the pages stands in the bundles, in every language, and none stands there in vain.
 */
class MessagesTest {

  private static final Path RESOURCES = Path.of("src", "main", "resources");
  private static final Path BUNDLES = RESOURCES.resolve("messages");
  private static final String CHINESE = "_zh_CN.properties";

  private static final Pattern KEY =
      Pattern.compile("(?:#\\{|#messages\\.msgOrNull\\()([|']?)([a-z_.]+)");
  private static final Pattern AUDITED =
      Pattern.compile("(?:audit\\.write|change)\\([^;]*?\"([a-z_]+\\.[a-z_]+)\"");
  private static final Pattern OPERATED =
      Pattern.compile("log\\.write(?:About)?\\([^;]*?\"([a-z_]+\\.[a-z_]+)\"");
  private static final Pattern CHOSEN = Pattern.compile("'([a-z_]+(?:\\.[a-z_]+)+)'");
  private static final Pattern LITERAL = Pattern.compile("\"([a-z_]+(?:\\.[a-z_]+)*\\.?)\"");
  private static final Pattern EXPRESSION = Pattern.compile("\\[\\[.*?]]", Pattern.DOTALL);
  private static final Pattern MARKUP =
      Pattern.compile("<!--.*?-->|<svg.*?</svg>|<kbd>.*?</kbd>|<[^>]*>", Pattern.DOTALL);

  static List<Path> bundles() throws IOException {
    return files(BUNDLES)
        .filter(file -> !file.toString().endsWith(CHINESE))
        .filter(file -> file.toString().endsWith(".properties"))
        .toList();
  }

  static List<Path> templates() throws IOException {
    return files(RESOURCES.resolve("templates")).toList();
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void every_language_has_the_same_keys(Path bundle) throws IOException {
    var chinese = Path.of(bundle.toString().replace(".properties", CHINESE));

    assertThat(keys(chinese)).isEqualTo(keys(bundle));
  }

  /** A text without arguments is shown as it stands, its apostrophes, too. */
  @ParameterizedTest
  @MethodSource("bundles")
  void apostrophes_are_doubled_only_where_a_text_has_arguments(Path bundle) throws IOException {
    assertThat(Files.readAllLines(bundle))
        .noneMatch(line -> line.contains("''") && !line.contains("{"));
  }

  @Test
  void no_key_is_missing() throws IOException {
    var known = allKeys();
    var missing = new TreeSet<String>();
    for (var template : templates()) {
      KEY.matcher(Files.readString(template))
          .results()
          .filter(key -> key.group(1).isEmpty())
          .map(key -> key.group(2))
          .filter(key -> !known.contains(key))
          .forEach(missing::add);
    }

    assertThat(missing).isEmpty();
  }

  @Test
  void no_key_is_unused() throws IOException {
    var used = new TreeSet<String>();
    var beginnings = new TreeSet<String>();
    for (var template : templates()) {
      KEY.matcher(Files.readString(template))
          .results()
          .forEach(key -> (key.group(1).isEmpty() ? used : beginnings).add(key.group(2)));
      CHOSEN.matcher(Files.readString(template)).results().forEach(key -> used.add(key.group(1)));
    }
    for (var source : files(Path.of("src", "main", "java")).toList()) {
      LITERAL
          .matcher(Files.readString(source))
          .results()
          .map(literal -> literal.group(1))
          .forEach(text -> (text.endsWith(".") ? beginnings : used).add(text));
    }
    var unused =
        allKeys().stream()
            .filter(key -> !used.contains(key) && beginnings.stream().noneMatch(key::startsWith))
            .toList();

    assertThat(unused).isEmpty();
  }

  @Test
  void whatever_a_page_names_by_a_word_of_the_system_has_a_text() throws IOException {
    var named = new TreeSet<String>();
    for (var code : ProblemCode.values()) {
      for (var part : List.of("title", "cause", "fix")) {
        named.add("problem." + code.wire() + "." + part);
      }
    }
    for (var state : ShownState.values()) {
      for (var label : List.of("chip.", "jobs.state.", "job.state.")) {
        named.add(label + state.wire());
      }
    }
    for (var invariant : Invariant.values()) {
      named.add("ops.sentence." + invariant.wire());
    }
    for (var scope : Scope.GRANTABLE) {
      named.add("scope." + scope.wire().replace(':', '_'));
    }
    for (var source : files(Path.of("src", "main", "java")).toList()) {
      AUDITED
          .matcher(Files.readString(source))
          .results()
          .forEach(action -> named.add("activity.action." + action.group(1)));
      OPERATED
          .matcher(Files.readString(source))
          .results()
          .forEach(action -> named.add("ops.deed." + action.group(1)));
    }
    named.removeAll(allKeys());

    assertThat(named).isEmpty();
  }

  @Test
  void every_shown_state_has_a_chip() throws IOException {
    var styles = Files.readString(RESOURCES.resolve("static/behalf.css"));

    assertThat(ShownState.values()).allMatch(state -> styles.contains(".chip-" + state.wire()));
  }

  @ParameterizedTest
  @MethodSource("templates")
  void no_text_stands_in_a_template(Path template) throws IOException {
    var text = EXPRESSION.matcher(Files.readString(template)).replaceAll("");
    var words =
        MARKUP
            .matcher(text)
            .replaceAll(" ")
            .replaceAll("Behalf|TEST|&[a-z]+;|\\b(curl|JSON|CSV|UTC|API|SVG|YAML)\\b", "")
            .strip();

    assertThat(words).doesNotContainPattern("\\p{L}");
  }

  private static Set<String> allKeys() throws IOException {
    return bundles().stream()
        .flatMap(bundle -> keys(bundle).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> keys(Path bundle) {
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(bundle)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TreeSet<>(properties.stringPropertyNames());
  }

  private static Stream<Path> files(Path folder) throws IOException {
    try (var found = Files.walk(folder)) {
      return found.filter(Files::isRegularFile).sorted().toList().stream();
    }
  }
}
