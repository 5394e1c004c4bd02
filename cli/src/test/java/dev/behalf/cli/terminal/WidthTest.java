package dev.behalf.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WidthTest {

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "abc, 3",
    "é, 1",
    "e\u0301, 1",
    "n\u0303\u0323, 1",
    "夜, 2",
    "あカ한, 6",
    "ｱｲ, 2",
    "ＡＢ！, 6",
    "'　', 2",
    "😀, 2",
    "👨‍👩‍👧, 2",
    "👍🏽, 2",
    "🇨🇳, 2",
    "©, 1",
    "©\uFE0F, 2",
    "1\uFE0F\u20E3, 2",
    "a夜b, 4"
  })
  void a_text_is_as_wide_as_it_looks(String text, int columns) {
    assertThat(Width.of(text)).isEqualTo(columns);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0007", "\u200B", "\u200D", "\u202E", "\uFEFF"})
  void what_is_not_shown_takes_no_column(String sign) {
    assertThat(Width.of("a" + sign)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\t", "\u000B", "\f", "\u2028", "\u2029", "\u3000"})
  void white_space_becomes_a_space(String sign) {
    assertThat(Width.clean("a" + sign + "b")).isEqualTo("a b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000", "\u0007", "\b", "\u001B", "\u007F", "\u0085", "\u009B", "\u00AD", "\u200B",
        "\u200E", "\u202E", "\u2066", "\uFEFF", "\uD800", "\uDC00"
      })
  void what_could_control_the_terminal_is_replaced(String sign) {
    assertThat(Width.clean("a" + sign + "b")).isEqualTo("a\uFFFDb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"äß", "夜间导入", "👨‍👩‍👧", "می\u200Cخواهم", "e\u0301", "a\u00A0b"})
  void what_people_write_stays_as_it_is(String text) {
    assertThat(Width.clean(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "abc, 4, abc",
    "abc, 3, abc",
    "abc, 2, a…",
    "abc, 1, …",
    "夜间, 4, 夜间",
    "夜间, 3, 夜…",
    "夜间, 2, …",
    "夜, 1, …",
    "a夜b, 3, a…",
    "e\u0301xy, 2, e\u0301…",
    "👨‍👩‍👧👨‍👩‍👧, 3, 👨‍👩‍👧…",
    "'', 1, ''"
  })
  void what_does_not_fit_is_cut_between_two_signs(String text, int columns, String cut) {
    assertThat(Width.cut(text, columns)).isEqualTo(cut);
  }

  @Test
  void a_cut_text_always_fits_and_a_fitting_one_is_never_cut() {
    var signs =
        new String[] {"a", " ", "é", "e\u0301", "夜", "😀", "👨‍👩‍👧", "🇨🇳 ", "ｱ", "\u200B"};
    for (int seed = 0; seed < 500; seed++) {
      var random = new Random(seed);
      var text = new StringBuilder();
      for (int length = random.nextInt(12); length > 0; length--) {
        text.append(signs[random.nextInt(signs.length)]);
      }
      int columns = 1 + random.nextInt(15);

      var cut = Width.cut(text.toString(), columns);

      assertThat(Width.of(cut)).as("seed %d: %s", seed, text).isLessThanOrEqualTo(columns);
      assertThat(cut.equals(text.toString()))
          .as("seed %d: %s in %d", seed, text, columns)
          .isEqualTo(Width.of(text.toString()) <= columns);
    }
  }
}
