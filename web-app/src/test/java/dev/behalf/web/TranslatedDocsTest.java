package dev.behalf.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Chinese pages follow the English ones: the same headings, and the same code to the byte. Only
 * the comments of commands, behind a {@code #}, are translated.
 */
class TranslatedDocsTest {

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```.*?^```");
  private static final Pattern COMMENT = Pattern.compile("(?m)# .*$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+(?= )");
  private static final Pattern INLINE = Pattern.compile("`[^`]+`");

  @ParameterizedTest
  @ValueSource(strings = {"README", "docs/first-steps"})
  void headings_and_code_are_the_same(String page) throws IOException {
    var english = read(page + ".md");
    var chinese = read(page + ".zh-CN.md");

    assertThat(all(HEADING, prose(chinese))).isEqualTo(all(HEADING, prose(english)));
    assertThat(blocks(chinese)).isEqualTo(blocks(english));
    assertThat(all(INLINE, prose(chinese)))
        .containsExactlyInAnyOrderElementsOf(all(INLINE, prose(english)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"README", "docs/first-steps"})
  void each_page_links_to_the_other(String page) throws IOException {
    var name = Path.of(page).getFileName().toString();

    assertThat(read(page + ".md")).contains("](" + name + ".zh-CN.md)");
    assertThat(read(page + ".zh-CN.md")).contains("](" + name + ".md)");
  }

  private static String read(String page) throws IOException {
    return Files.readString(Path.of("..").resolve(page));
  }

  private static String prose(String page) {
    return BLOCK.matcher(page).replaceAll("");
  }

  private static List<String> blocks(String page) {
    return all(BLOCK, page).stream().map(block -> COMMENT.matcher(block).replaceAll("#")).toList();
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group()).toList();
  }
}
