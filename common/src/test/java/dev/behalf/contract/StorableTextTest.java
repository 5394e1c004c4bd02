package dev.behalf.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorableTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "hi", "\u0001", "\uffff", "\ufffd", "\ud83d\ude00", "\udbff\udfff"})
  void text_of_whole_characters_can_be_stored(String text) {
    assertThat(StorableText.isStorable(text)).isTrue();
    assertThat(StorableText.cleaned(text)).isEqualTo(text);
  }

  @Test
  void a_null_character_cannot_be_stored_wherever_it_stands() {
    assertThat(StorableText.isStorable("\0")).isFalse();
    assertThat(StorableText.isStorable("\0a")).isFalse();
    assertThat(StorableText.isStorable("a\0")).isFalse();
  }

  @Test
  void half_a_surrogate_pair_cannot_be_stored() {
    assertThat(StorableText.isStorable("a\ud83d")).as("a high half at the end").isFalse();
    assertThat(StorableText.isStorable("\ude00a")).as("a low half at the start").isFalse();
    assertThat(StorableText.isStorable("\ude00\ud83d")).as("the halves swapped").isFalse();
    assertThat(StorableText.isStorable("\ud83d\ud83d\ude00")).as("a half before a pair").isFalse();
  }

  @Test
  void each_character_that_cannot_be_stored_becomes_one_replacement_character() {
    assertThat(StorableText.cleaned("a\0b\ud83dc\ude00")).isEqualTo("a\ufffdb\ufffdc\ufffd");
    assertThat(StorableText.cleaned("\ud83d\ud83d\ude00")).isEqualTo("\ufffd\ud83d\ude00");
    assertThat(StorableText.cleaned("\0\0")).isEqualTo("\ufffd\ufffd");
  }

  @Test
  void cleaned_text_is_storable_and_as_long_as_before() {
    var seed = System.nanoTime();
    var random = new Random(seed);
    var pieces = new String[] {"a", "\0", "\ud83d", "\ude00", "\ud83d\ude00", "é", "\ufffd"};
    for (int round = 0; round < 2_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }

      var cleaned = StorableText.cleaned(text.toString());

      assertThat(StorableText.isStorable(cleaned)).as("seed %d", seed).isTrue();
      assertThat(cleaned).as("seed %d", seed).hasSameSizeAs(text);
      assertThat(new String(cleaned.getBytes(UTF_8), UTF_8)).as("seed %d", seed).isEqualTo(cleaned);
      if (StorableText.isStorable(text)) {
        assertThat(cleaned).as("seed %d", seed).isEqualTo(text.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "1", ".", "é", "漢", "\ud83d\ude00", "€", " \u200b x", "e\u0301"})
  void one_visible_character_is_content(String text) {
    assertThat(StorableText.hasContent(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \t\r\n",
        "\u00a0\u2003\u3000",
        "\u2028\u2029",
        "\u200b\u200d\u2060\ufeff",
        "\u202e",
        "\u0301\ufe0f",
        "\ue000",
        "\uffff",
        "\ufffd",
        "\0",
        "\ud83d"
      })
  void spaces_marks_and_invisible_characters_are_no_content(String text) {
    assertThat(StorableText.hasContent(text)).isFalse();
  }

  @Test
  void a_shortened_text_has_the_length_at_most_and_never_half_of_a_pair() {
    assertThat(StorableText.shortened("abc", 3)).isEqualTo("abc");
    assertThat(StorableText.shortened("abcd", 3)).isEqualTo("abc");
    assertThat(StorableText.shortened("ab😀d", 3)).isEqualTo("ab");
    assertThat(StorableText.shortened("ab😀d", 4)).isEqualTo("ab😀");
  }
}
