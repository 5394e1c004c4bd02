package dev.behalf.web.work.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.StrictJson;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A result is drawn by the kind of its properties. */
class ResultPartTest {

  private static ResultPart only(String result, @Nullable String schema) {
    var parts = parts(result, schema);
    assertThat(parts).hasSize(1);
    return parts.getFirst();
  }

  private static List<ResultPart> parts(String result, @Nullable String schema) {
    return ResultPart.of(
        StrictJson.MAPPER.readTree(result),
        schema == null ? null : StrictJson.MAPPER.readTree(schema),
        Locale.ENGLISH);
  }

  @Test
  void labels_with_scores_are_bars_up_to_the_greatest_score_that_the_schema_allows() {
    var part =
        only(
            """
            {"scores": [{"label": "delay", "score": 0.5}, {"label": "praise", "score": -0.25}]}""",
            """
            {"type": "object", "properties": {"scores": {"type": "array", "maxItems": 9, "items": {"type": "object",
              "properties": {"label": {"type": "string"}, "score": {"type": "number", "minimum": -1, "maximum": 1}}}}}}""");

    assertThat(part.value())
        .isEqualTo(
            new ResultPart.Scores(
                List.of(
                    new ResultPart.Score("delay", "0.5", 500),
                    new ResultPart.Score("praise", "-0.25", 0)),
                0));
  }

  @Test
  void scores_without_bounds_are_drawn_up_to_the_greatest_of_them() {
    assertThat(only("{\"votes\": {\"yes\": 30, \"no\": 15}}", null).value())
        .isEqualTo(
            new ResultPart.Scores(
                List.of(
                    new ResultPart.Score("yes", "30", 1000), new ResultPart.Score("no", "15", 500)),
                0));
  }

  @Test
  void a_vector_has_a_size_and_its_first_numbers() {
    assertThat(only("{\"embedding\": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}", null).value())
        .isEqualTo(new ResultPart.Vector(10, "1, 2, 3, 4, 5, 6, 7, 8", "[1,2,3,4,5,6,7,8,9,10]"));
  }

  @Test
  void each_property_is_a_part_under_its_title() {
    var parts =
        parts(
            "{\"summary\": \"Short.\", \"sentences\": [\"Short.\"]}",
            """
            {"type": "object", "properties": {"summary": {"type": "string", "title": "Summary"},
              "sentences": {"type": "array", "maxItems": 9, "items": {"type": "string"}}}}""");

    assertThat(parts).extracting(ResultPart::title).containsExactly("Summary", "sentences");
    assertThat(parts).extracting(ResultPart::kind).containsExactly("text", "labels");
  }

  @Test
  void objects_of_other_shapes_are_a_table() {
    assertThat(
            only("{\"rows\": [{\"a\": 1, \"b\": \"x\", \"c\": true}, {\"a\": 2}]}", null).value())
        .isEqualTo(
            new ResultPart.Rows(
                List.of("a", "b", "c"),
                List.of(List.of("1", "x", "true"), List.of("2", "", "")),
                0));
  }

  @Test
  void what_has_no_drawing_is_json() {
    assertThat(only("{\"deep\": {\"er\": {\"still\": 1}}}", null).kind()).isEqualTo("json");
    assertThat(only("{\"nothing\": []}", null).kind()).isEqualTo("json");
    assertThat(only("{}", null).kind()).isEqualTo("json");
    assertThat(only("7", null).kind()).isEqualTo("text");
  }

  @Test
  void long_lists_are_cut_and_say_how_much_is_left_out() {
    var labels = String.join(",", Collections.nCopies(120, "\"x\""));

    var value = (ResultPart.Labels) only("{\"labels\": [" + labels + "]}", null).value();

    assertThat(value.labels()).hasSize(100);
    assertThat(value.more()).isEqualTo(20);
  }
}
