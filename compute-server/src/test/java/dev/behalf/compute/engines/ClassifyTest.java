package dev.behalf.compute.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.behalf.compute.engines.Classify.Score;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ClassifyTest {

  private final FakeModel model = new FakeModel();
  private final Classify classify = new Classify(model);

  @Test
  void all_labels_are_scored_and_the_nearest_comes_first() {
    model.means("text", 1, 0).means("far", 0, 1).means("near", 0.8, 0.6).means("no", -1, 0);

    assertThat(run("text", List.of("far", "no", "near"), null))
        .isEqualTo(
            new Classify.Result(
                "near", List.of(new Score("near", 0.8), new Score("far", 0), new Score("no", -1))));
  }

  @Test
  void equally_near_labels_stay_in_the_order_of_the_request() {
    model.means("text", 1, 0).means("b", 0.8, 0.6).means("a", 0.8, -0.6);

    assertThat(run("text", List.of("b", "a"), null).label()).isEqualTo("b");
    assertThat(run("text", List.of("a", "b"), null).label()).isEqualTo("a");
  }

  @Test
  void examples_draw_their_label_and_no_other() {
    model.means("text", 1, 0).means("a", 0, 1).means("b", 0.6, 0.8).means("like text", 1, 0);

    var result = run("text", List.of("a", "b"), Map.of("a", List.of("like text", "like text")));

    assertThat(result.label()).isEqualTo("a");
    assertThat(result.scores()).contains(new Score("b", 0.6));
  }

  @Test
  void a_label_is_read_once_and_the_text_each_time() {
    var examples = Map.of("a", List.of("example"));
    run("first", List.of("a", "b"), examples);
    run("second", List.of("b", "a"), examples);

    assertThat(model.read()).containsExactly("first", "a", "example", "b", "second");
  }

  @Test
  void a_label_with_other_examples_is_read_anew() {
    run("text", List.of("a", "b"), Map.of("a", List.of("one")));
    model.read().clear();

    run("text", List.of("a", "b"), Map.of("a", List.of("two")));

    assertThat(model.read()).containsExactly("text", "a", "two");
  }

  @Test
  void examples_are_not_mistaken_for_one_that_reads_like_them_together() {
    run("text", List.of("a", "b"), Map.of("a", List.of("one", "two")));
    model.read().clear();

    run("text", List.of("a", "b"), Map.of("a", List.of("one\",\"two")));

    assertThat(model.read()).contains("one\",\"two");
  }

  @Test
  void the_cost_is_all_that_is_read_each_time_though_labels_are_kept() {
    var input = input("12345", List.of("ab", "c"), Map.of("c", List.of("xyz")));
    classify.run(input);

    assertThat(TestTasks.operation("classify").definition().units(input, model::tokens))
        .as("5 + 2 + 1 + 3 tokens")
        .isEqualTo(11);
  }

  @Test
  void examples_of_a_label_that_is_not_given_are_refused() {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> run("text", List.of("a", "b"), Map.of("c", List.of("x"))))
        .returns(ProblemCode.PAYLOAD_INVALID, Problem::code);
  }

  private Classify.Result run(
      String text, List<String> labels, @Nullable Map<String, List<String>> examples) {
    return classify.run(input(text, labels, examples));
  }

  private static ObjectNode input(
      String text, List<String> labels, @Nullable Map<String, List<String>> examples) {
    var input = TestTasks.text(text);
    input.set("labels", StrictJson.MAPPER.valueToTree(labels));
    if (examples != null) {
      input.set("examples", StrictJson.MAPPER.valueToTree(examples));
    }
    return input;
  }
}
