package dev.behalf.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.cli.terminal.Table.Column;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void a_column_is_as_wide_as_its_widest_cell_or_its_title() {
    var table = new Table(Column.of("ID"), Column.of("A TITLE"), Column.of("END"));
    table.row("long id", "x", "1");
    table.row("b", "y", "2");

    assertThat(lines(table, false))
        .containsExactly("ID       A TITLE  END", "long id  x        1", "b        y        2");
  }

  @Test
  void numbers_and_their_titles_stand_at_the_right() {
    var table = new Table(Column.number("UNITS"), Column.of("TEXT"), Column.number("N"));
    table.row("7", "a", "1");
    table.row("1234567", "bb", "10");

    assertThat(lines(table, false))
        .containsExactly("  UNITS  TEXT   N", "      7  a      1", "1234567  bb    10");
  }

  @Test
  void wide_signs_do_not_shift_the_next_column() {
    var table = new Table(Column.of("A"), Column.of("B"));
    table.row("夜间", "x");
    table.row("e\u0301", "y");

    assertThat(lines(table, false)).containsExactly("A     B", "夜间  x", "e\u0301     y");
  }

  @Test
  void a_cell_is_one_line_whatever_others_have_written() {
    var table = new Table(Column.of("A"), Column.of("B"));
    table.row("two\nlines", "\u001B[31mred");

    assertThat(lines(table, false)).containsExactly("A          B", "two lines  \uFFFD[31mred");
  }

  @Test
  void a_long_cell_is_cut_but_not_its_title() {
    var table = new Table(Column.of("A TITLE").atMost(4), Column.of("B").atMost(4));
    table.row("12345", "1234");

    assertThat(lines(table, false)).containsExactly("A TITLE  B", "123…     1234");
  }

  @Test
  void the_text_of_a_state_is_coloured_and_the_room_beside_it_is_not() {
    var table = new Table(Column.state("STATE"), Column.of("B"));
    table.row("failed", "x");
    table.row("of a later version", "x");

    assertThat(lines(table, true))
        .containsExactly(
            "\033[1mSTATE\033[0m               \033[1mB\033[0m",
            "\033[31mfailed\033[0m              x",
            "of a later version  x");
  }

  @Test
  void a_table_without_rows_is_empty_and_has_its_titles() {
    var table = new Table(Column.of("A"), Column.of("B"));

    assertThat(table.isEmpty()).isTrue();
    assertThat(lines(table, false)).containsExactly("A  B");
    table.row("", "");
    assertThat(table.isEmpty()).isFalse();
  }

  private static List<String> lines(Table table, boolean coloured) {
    var out = new ByteArrayOutputStream();
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    table.print(new Terminal(stream, stream, coloured, Map.of("TERM", "xterm")));
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
