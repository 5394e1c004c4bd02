package dev.behalf.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.security.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One term for one thing: pages, mails, API, commands and docs use none of the words that {@code
 * docs/glossary.md} lists as not used.
 */
class GlossaryTest {

  private static final Path HOME = Path.of("..");
  private static final Path MESSAGES = Path.of("src/main/resources/messages");
  private static final Path GLOSSARY = HOME.resolve("docs/glossary.md");
  private static final Pattern HAN = Pattern.compile("\\p{IsHan}");
  private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`]*`|]\\([^)]*\\)");

  private record Term(String name, String chinese, String meaning, List<String> not) {}

  static Stream<Path> texts() throws IOException {
    return Stream.of(
            files(MESSAGES, ".properties"),
            files(HOME.resolve("docs"), ".md").filter(file -> !file.equals(GLOSSARY)),
            files(HOME.resolve("cli/src/main"), ".java"),
            Stream.of("README.md", "README.zh-CN.md", "docs/openapi.json").map(HOME::resolve))
        .flatMap(files -> files);
  }

  @Test
  void each_term_has_a_chinese_term_a_meaning_and_words_that_are_not_used() throws IOException {
    assertThat(terms())
        .hasSizeBetween(30, 60)
        .allSatisfy(
            term -> {
              assertThat(term.chinese()).isNotBlank();
              assertThat(term.meaning()).matches("[A-Z].*\\.");
              assertThat(term.not()).isNotEmpty().doesNotContain("", term.name(), term.chinese());
            });
    assertThat(terms()).extracting(Term::name).isSorted();
    assertThat(unused()).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void a_text_uses_the_terms(Path file) throws IOException {
    var text = text(file);
    var isChinese = file.toString().matches(".*zh[-_]CN\\..*");
    var found = new TreeSet<String>();
    for (var word : unused()) {
      if (isChinese == HAN.matcher(word).find() && pattern(word).matcher(text).find()) {
        found.add(file.getFileName() + ": " + word);
      }
    }

    assertThat(found).isEmpty();
  }

  @Test
  void pages_name_problems_and_scopes_as_the_api_does() throws IOException {
    var problems = values(MESSAGES.resolve("problems.properties"));
    var scopes = values(MESSAGES.resolve("words.properties"));

    assertThat(ProblemCode.values())
        .allSatisfy(
            code ->
                assertThat(problems)
                    .containsEntry("problem." + code.wire() + ".title", code.title()));
    assertThat(Stream.concat(Scope.GRANTABLE.stream(), Scope.OF_PLATFORMS.stream()))
        .allSatisfy(
            scope ->
                assertThat(scopes)
                    .containsEntry("scope." + scope.wire().replace(':', '_'), scope.sentence()));
  }

  /** A word in small letters is found in capitals, too, and each in the plural. */
  private static Pattern pattern(String word) {
    if (HAN.matcher(word).find()) {
      return Pattern.compile(word, Pattern.LITERAL);
    }
    var isSmall = word.chars().noneMatch(Character::isUpperCase);
    return Pattern.compile(
        "\\b" + Pattern.quote(word) + "s?\\b", isSmall ? Pattern.CASE_INSENSITIVE : 0);
  }

  /** Returns what is read as prose: values without their keys, docs without code and addresses. */
  private static String text(Path file) throws IOException {
    if (file.toString().endsWith(".properties")) {
      return String.join("\n", values(file).values());
    }
    var text = Files.readString(file);
    return file.toString().endsWith(".md") ? CODE.matcher(text).replaceAll("") : text;
  }

  private static Map<String, String> values(Path messages) throws IOException {
    var values = new Properties();
    try (var reader = Files.newBufferedReader(messages)) {
      values.load(reader);
    }
    return values.stringPropertyNames().stream()
        .collect(Collectors.toMap(key -> key, values::getProperty));
  }

  private static List<String> unused() throws IOException {
    return terms().stream().flatMap(term -> term.not().stream()).toList();
  }

  private static List<Term> terms() throws IOException {
    return Files.readAllLines(GLOSSARY).stream()
        .filter(line -> line.startsWith("| "))
        .skip(1)
        .map(line -> line.substring(2, line.length() - 2).split(" \\| "))
        .map(row -> new Term(row[0], row[1], row[2], Arrays.asList(row[3].split(", "))))
        .toList();
  }

  private static Stream<Path> files(Path folder, String ending) throws IOException {
    try (var found = Files.walk(folder)) {
      return found.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream()
          .filter(file -> !file.toString().contains("decisions"));
    }
  }
}
