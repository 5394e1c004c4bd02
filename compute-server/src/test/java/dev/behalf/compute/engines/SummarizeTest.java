package dev.behalf.compute.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SummarizeTest {

  private final FakeModel model = new FakeModel();

  @Test
  void the_sentences_nearest_to_the_whole_are_returned_in_the_order_of_the_text() {
    model.means("Aside.", 0, 1).means("Near.", 0.96, 0.28).means("Nearest.", 1, 0);

    assertThat(summary("Near. Aside. Nearest.", 1).sentences()).containsExactly("Near.");
    assertThat(summary("Aside. Near. Nearest. Aside. Near.", 20).sentences())
        .containsExactly("Aside.", "Near.", "Nearest.", "Aside.", "Near.");
  }

  @Test
  void two_sentences_are_returned_if_no_limit_is_set() {
    assertThat(summary("One. Two. Three.", null).sentences()).hasSize(2);
  }

  @Test
  void a_text_with_fewer_sentences_than_asked_for_is_returned_whole() {
    assertThat(summary("One. Two!", 20)).isEqualTo(result("One. Two!", "One.", "Two!"));
  }

  @Test
  void a_text_without_an_end_is_one_sentence() {
    assertThat(summary("no end in sight", 2).sentences()).containsExactly("no end in sight");
  }

  @Test
  void space_around_sentences_is_no_part_of_them() {
    assertThat(summary("  One.\n\n\n   Two.  \n", 5))
        .isEqualTo(result("One. Two.", "One.", "Two."));
  }

  @Test
  void a_number_with_a_point_ends_no_sentence() {
    assertThat(summary("It costs 3.50 euros. Buy it?", 5).sentences())
        .containsExactly("It costs 3.50 euros.", "Buy it?");
  }

  @Test
  void a_repeated_sentence_is_not_chosen_twice_while_there_is_another() {
    model.means("Tide.", 1, 0).means("Mud.", 0, 1);

    assertThat(summary("Tide. Tide. Mud. Mud.", 2).sentences()).containsExactly("Tide.", "Mud.");
  }

  private Summarize.Result summary(String text, @Nullable Integer limit) {
    var input = TestTasks.text(text);
    if (limit != null) {
      input.put("limit", limit);
    }
    return new Summarize(model).run(input);
  }

  private static Summarize.Result result(String summary, String... sentences) {
    return new Summarize.Result(summary, List.of(sentences));
  }
}
