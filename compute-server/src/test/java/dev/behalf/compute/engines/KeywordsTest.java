package dev.behalf.compute.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.compute.engines.Keywords.Keyword;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which words and pairs are candidates, and which of them are returned. */
class KeywordsTest {

  private final FakeModel model = new FakeModel();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          # text                      | candidates
          low tide                    | low, tide, low tide
          Low TIDE                    | low, tide, low tide
          low  \ttide                 | low, tide, low tide
          low, tide                   | low, tide
          low. Tide                   | low, tide
          low (tide                   | low, tide
          low of tide                 | low, tide
          low ox tide                 | low, tide
          the ox of an about          | ""
          mother-in-law's tide        | mother-in-law's, tide, mother-in-law's tide
          harbour’s                   | harbour’s
          room 1204                   | room, 1204, room 1204
          -tide                       | tide
          'harbour' harbour           | harbour
          boats- tide                 | boats, tide
          潮汐表 海                    | 潮汐表
          """)
  void candidates_are_words_of_three_letters_and_pairs_that_nothing_separates(
      String text, String candidates) {
    assertThat(String.join(", ", candidates(text))).isEqualTo(candidates);
  }

  /** The length of a text is bounded, and no depth of the matcher may depend on it. */
  @Test
  void a_text_of_one_word_with_dashes_is_read() {
    assertThat(candidates("a-".repeat(32 * 1024 - 1) + "a")).hasSize(1);
  }

  @Test
  void words_on_both_sides_of_a_line_end_form_a_pair() {
    assertThat(candidates("low\r\ntide")).contains("low tide");
  }

  @Test
  void a_letter_outside_the_basic_plane_counts_as_one() {
    assertThat(candidates("𐐨𐐨 𐐨𐐨𐐨")).containsExactly("𐐨𐐨𐐨");
  }

  @Test
  void a_decomposed_letter_counts_as_one() {
    assertThat(candidates("e\u0301te\u0301 a\u0300e\u0301")).containsExactly("été");
  }

  @Test
  void the_most_frequent_candidates_come_first_and_equal_ones_in_the_order_of_the_text() {
    assertThat(candidates("boat. tide. mud. tide. boat. tide"))
        .containsExactly("tide", "boat", "mud");
  }

  @Test
  void no_more_than_80_candidates_are_compared_and_the_most_frequent_ones_are_kept() {
    var text =
        IntStream.range(100, 300).mapToObj(i -> "word" + i).collect(Collectors.joining(". "))
            + ". word299";

    assertThat(candidates(text)).hasSize(80).startsWith("word299", "word100", "word101");
  }

  @Test
  void a_text_without_candidates_has_no_keywords_and_does_not_run_the_model() {
    assertThat(keywords("It is what it is.", null)).isEmpty();
    assertThat(model.read()).isEmpty();
  }

  @Test
  void five_keywords_are_returned_if_no_limit_is_set() {
    assertThat(keywords("one1. two2. three3. four4. five5. six6", null)).hasSize(5);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 3", "20, 3"})
  void the_limit_is_the_most_that_is_returned(int limit, int size) {
    assertThat(keywords("tide. boat. mud", limit)).hasSize(size);
  }

  @Test
  void the_keyword_nearest_to_the_text_comes_first_with_its_rounded_nearness() {
    model.means("boat. tide", 1, 0).means("boat", 0.6, 0.8).means("tide", 0.87654321, 0.4813);

    assertThat(keywords("boat. tide", 2))
        .containsExactly(new Keyword("tide", 0.8765), new Keyword("boat", 0.6));
  }

  private List<Keyword> keywords(String text, @Nullable Integer limit) {
    var input = TestTasks.text(text);
    if (limit != null) {
      input.put("limit", limit);
    }
    return new Keywords(model).run(input).keywords();
  }

  /** Returns what the model compares with the text. */
  private List<String> candidates(String text) {
    keywords(text, null);
    return model.read().isEmpty() ? List.of() : model.read().subList(1, model.read().size());
  }
}
