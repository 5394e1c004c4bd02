package dev.behalf.web.work.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.web.work.batches.Records.Entry;
import dev.behalf.web.work.batches.Records.Text;
import dev.behalf.web.work.batches.Records.TooLong;
import dev.behalf.web.work.batches.Records.Unclosed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordsTest {

  @Test
  void an_empty_file_has_no_records() throws Exception {
    assertThat(csv("")).isEmpty();
    assertThat(csv("\ufeff")).as("only a byte order mark").isEmpty();
  }

  @Test
  void the_last_line_needs_no_line_end() throws Exception {
    assertThat(csv("a\nb")).containsExactly(text(1, "a"), text(2, "b"));
    assertThat(csv("a\nb\n")).containsExactly(text(1, "a"), text(2, "b"));
  }

  @Test
  void an_empty_line_is_a_record_so_that_lines_are_counted() throws Exception {
    assertThat(csv("a\n\nb")).containsExactly(text(1, "a"), text(2, ""), text(3, "b"));
  }

  @Test
  void a_carriage_return_belongs_to_the_line_end_and_only_there() throws Exception {
    assertThat(csv("a\rb\r\nc\r\n")).containsExactly(text(1, "a\rb"), text(2, "c"));
  }

  @Test
  void a_byte_order_mark_is_skipped_at_the_beginning_only() throws Exception {
    assertThat(csv("\ufeffa\n\ufeffb")).containsExactly(text(1, "a"), text(2, "\ufeffb"));
  }

  @Test
  void a_quoted_cell_continues_over_lines_and_they_are_counted() throws Exception {
    assertThat(csv("a,\"x\ny\r\nz\",b\nc"))
        .containsExactly(text(1, "a,\"x\ny\r\nz\",b"), text(4, "c"));
  }

  @Test
  void a_doubled_quote_does_not_end_the_cell() throws Exception {
    assertThat(csv("\"say \"\"hi\"\"\nthere\"\nb"))
        .containsExactly(text(1, "\"say \"\"hi\"\"\nthere\""), text(3, "b"));
  }

  @Test
  void an_empty_quoted_cell_is_closed() throws Exception {
    assertThat(csv("\"\",\"\"\nb")).containsExactly(text(1, "\"\",\"\""), text(2, "b"));
  }

  @Test
  void a_quote_inside_a_plain_cell_opens_nothing() throws Exception {
    assertThat(csv("5\" disk,a\nb")).containsExactly(text(1, "5\" disk,a"), text(2, "b"));
  }

  @Test
  void in_json_lines_a_quote_holds_no_line_together() throws Exception {
    assertThat(all("\"a\nb\"", false)).containsExactly(text(1, "\"a"), text(2, "b\""));
  }

  @Test
  void a_quote_that_is_not_closed_takes_the_rest_of_the_file() throws Exception {
    assertThat(csv("a\n\"b\nc\nd")).containsExactly(text(1, "a"), new Entry(2, new Unclosed()));
    assertThat(csv("\"")).containsExactly(new Entry(1, new Unclosed()));
  }

  @Test
  void a_record_of_the_greatest_length_is_read_and_one_more_letter_is_too_long() throws Exception {
    var longest = "x".repeat(Records.LONGEST);

    assertThat(all(longest + "\nb", false)).containsExactly(text(1, longest), text(2, "b"));
    assertThat(all(longest + "x\nb", false))
        .containsExactly(new Entry(1, new TooLong()), text(2, "b"));
    assertThat(all(longest + "x", false)).containsExactly(new Entry(1, new TooLong()));
  }

  @Test
  void the_lines_of_a_record_that_is_too_long_are_counted() throws Exception {
    var cell = "\"" + "x\n".repeat(Records.LONGEST) + "\"";

    assertThat(csv(cell + "\nb"))
        .containsExactly(new Entry(1, new TooLong()), text(Records.LONGEST + 2, "b"));
  }

  private static List<Entry> csv(String file) throws IOException {
    return all(file, true);
  }

  private static List<Entry> all(String file, boolean hasQuotes) throws IOException {
    var records = new Records(new ByteArrayInputStream(file.getBytes(UTF_8)), hasQuotes);
    var all = new ArrayList<Entry>();
    for (var entry = records.next(); entry != null; entry = records.next()) {
      all.add(entry);
    }
    return all;
  }

  private static Entry text(int line, String text) {
    return new Entry(line, new Text(text));
  }
}
