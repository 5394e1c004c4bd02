package dev.behalf.web.work.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.contract.JobPayload;
import dev.behalf.web.work.batches.Lines.Invalid;
import dev.behalf.web.work.batches.Lines.Line;
import dev.behalf.web.work.batches.Lines.Valid;
import dev.behalf.web.work.operations.TestOperations;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'operation,text'",
        "'text,operation'",
        "'  operation , text  '",
        "'\"operation\",\"text\",\"labels\",\"other\",\"limit\"'"
      })
  void a_heading_names_its_columns_in_any_order(String heading) throws Exception {
    assertThat(csv(heading + "\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "''!The first line must name the columns",
        "text!The first line must name the columns",
        "'Operation,Text'!The first line must name the columns",
        "'operation;text'!separated by semicolons",
        "'operation,text,text'!names the column \"text\" twice",
        "'\"operation,text'!The first line must name the columns"
      })
  void a_heading_that_is_wrong_makes_the_file_unusable(String heading, String reason) {
    assertThatThrownBy(() -> csv(heading + "\n"))
        .isInstanceOf(Lines.Unreadable.class)
        .hasMessageContaining(reason);
  }

  @Test
  void a_long_column_that_is_named_twice_is_shown_by_its_beginning() {
    var column = "x".repeat(10_000);

    assertThatThrownBy(() -> csv(column + "," + column))
        .isInstanceOf(Lines.Unreadable.class)
        .hasMessage("The first line names the column \"" + "x".repeat(40) + "…\" twice.");
  }

  @Test
  void blank_lines_before_the_heading_are_skipped_and_counted() throws Exception {
    assertThat(csv("\n  \noperation,text\necho,hi"))
        .containsExactly(valid(4, "{\"operation\":\"echo\",\"text\":\"hi\"}"));
  }

  @Test
  void cells_are_read_by_the_heading() throws Exception {
    assertThat(csv("text,limit,operation\nlong,3,keywords"))
        .map(line -> ((Valid) line).payload().json().toString())
        .containsExactly("{\"operation\":\"keywords\",\"text\":\"long\",\"limit\":3}");
  }

  @Test
  void labels_share_a_cell() throws Exception {
    assertThat(csv("operation,text,labels\nclassify,hi, good | bad "))
        .containsExactly(
            valid(2, "{\"operation\":\"classify\",\"text\":\"hi\",\"labels\":[\"good\",\"bad\"]}"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, true",
    "20, true",
    "0, false",
    "21, false",
    "9999, false",
    "10000, false",
    "-1, false",
    "1.5, false",
    "ten, false",
    "٣, false"
  })
  void a_limit_is_a_number_from_1_to_20(String limit, boolean isValid) throws Exception {
    var line = csv("operation,text,limit\nkeywords,hi," + limit).getFirst();

    assertThat(line).isInstanceOf(isValid ? Valid.class : Invalid.class);
  }

  @Test
  void a_row_with_a_cell_too_many_or_too_few_tells_both_numbers() throws Exception {
    assertThat(csv("operation,text\necho\necho,a,b"))
        .containsExactly(Invalid.of(2, Misread.CELLS, 1, 2), Invalid.of(3, Misread.CELLS, 3, 2))
        .extracting(LinesTest::sentence)
        .containsExactly(
            "The line has 1 cells, the heading 2.", "The line has 3 cells, the heading 2.");
  }

  @Test
  void rows_without_content_are_no_jobs_and_no_faults() throws Exception {
    assertThat(csv("operation,text\n,\n\n   \n\"\",\"\"\n,,,,\n")).isEmpty();
  }

  @Test
  void a_cell_of_spaces_is_a_text_without_content() throws Exception {
    assertThat(csv("operation,text\necho,\"  \""))
        .extracting(LinesTest::sentence)
        .containsExactly("Enter some text in \"text\".");
  }

  @Test
  void a_column_that_an_operation_does_not_have_is_a_fault_only_where_it_is_filled()
      throws Exception {
    var lines = csv("operation,text,colour\necho,a,\necho,b,blue");

    assertThat(lines).hasSize(2).contains(valid(2, "{\"operation\":\"echo\",\"text\":\"a\"}"));
    assertThat(sentence(lines.getLast()))
        .isEqualTo("Remove \"colour\": this operation does not use it.");
  }

  @Test
  void a_json_line_that_breaks_the_schema_is_a_fault_with_its_reason() throws Exception {
    assertThat(json("{\"operation\":\"echo\",\"text\":7}\n{\"operation\":\"guess\"}"))
        .extracting(LinesTest::sentence)
        .containsExactly(
            "\"text\" must be of type string.",
            "Unknown operation: set \"operation\" to one that you may run.");
  }

  @Test
  void a_row_after_a_faulty_one_is_read() throws Exception {
    assertThat(csv("operation,text\nguess,a\necho,b\n"))
        .hasSize(2)
        .last()
        .isEqualTo(valid(3, "{\"operation\":\"echo\",\"text\":\"b\"}"));
  }

  @Test
  void a_json_line_is_a_payload_as_the_api_takes_it() throws Exception {
    assertThat(json("{\"operation\":\"similarity\",\"text\":\"a\",\"other\":\"b\"}"))
        .containsExactly(valid(1, "{\"operation\":\"similarity\",\"text\":\"a\",\"other\":\"b\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "\"echo\"",
        "7",
        "echo",
        "{\"operation\":\"echo\",\"text\":\"a\"} {\"operation\":\"echo\",\"text\":\"b\"}",
        "{\"operation\":\"echo\",\"text\":\"a\",\"text\":\"b\"}"
      })
  void a_line_that_is_no_such_object_is_a_fault_of_that_line(String line) throws Exception {
    assertThat(json(line + "\n{\"operation\":\"echo\",\"text\":\"next\"}"))
        .hasSize(2)
        .first()
        .isInstanceOfSatisfying(
            Invalid.class,
            invalid -> assertThat(invalid.fault()).isEqualTo(Fault.of(Misread.OBJECT)));
  }

  private static String sentence(Line line) {
    return ((Invalid) line).fault().sentence();
  }

  private static Valid valid(int number, String json) {
    var payload = JobPayload.parse(json);
    return new Valid(number, TestOperations.find(payload.operation()).orElseThrow(), payload);
  }

  private static List<Line> csv(String file) throws IOException {
    return all(Batch.Format.CSV, file);
  }

  private static List<Line> json(String file) throws IOException {
    return all(Batch.Format.JSONL, file);
  }

  private static List<Line> all(Batch.Format format, String file) throws IOException {
    var lines =
        Lines.of(
            format,
            new ByteArrayInputStream(file.getBytes(UTF_8)),
            new Columns.ByHeading(),
            TestOperations::find);
    var all = new ArrayList<Line>();
    for (var line = lines.next(); line.isPresent(); line = lines.next()) {
      all.add(line.orElseThrow());
    }
    return all;
  }
}
