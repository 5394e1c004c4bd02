package dev.behalf.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A table with aligned columns, whatever the script. */
public final class Table {

  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * A column of a table.
   *
   * @param most maximum width in terminal columns; longer cells are cut
   * @param paint style of a cell, chosen by its text
   */
  public record Column(String title, boolean toTheRight, int most, Function<String, Style> paint) {

    public static Column of(String title) {
      return new Column(title, false, Integer.MAX_VALUE, text -> Style.PLAIN);
    }

    public static Column number(String title) {
      return new Column(title, true, Integer.MAX_VALUE, text -> Style.PLAIN);
    }

    public static Column state(String title) {
      return new Column(title, false, Integer.MAX_VALUE, Style::ofState);
    }

    public Column atMost(int width) {
      return new Column(title, toTheRight, width, paint);
    }
  }

  public Table(Column... columns) {
    this.columns = List.of(columns);
  }

  public void row(String... cells) {
    var row = new ArrayList<String>();
    for (int i = 0; i < columns.size(); i++) {
      row.add(Width.cut(Width.clean(cells[i]), columns.get(i).most()));
    }
    rows.add(row);
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  public void print(Terminal terminal) {
    var widths = widths();
    terminal.print(line(terminal, columns.stream().map(Column::title).toList(), widths, true));
    for (var row : rows) {
      terminal.print(line(terminal, row, widths, false));
    }
  }

  private int[] widths() {
    var widths = columns.stream().mapToInt(column -> Width.of(column.title())).toArray();
    for (var row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], Width.of(row.get(i)));
      }
    }
    return widths;
  }

  private String line(Terminal terminal, List<String> cells, int[] widths, boolean heading) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      var column = columns.get(i);
      var cell = cells.get(i);
      var room = " ".repeat(widths[i] - Width.of(cell));
      var paint = heading ? Style.HEADING : column.paint().apply(cell);
      line.append(i == 0 ? "" : GAP)
          .append(column.toTheRight() ? room : "")
          .append(terminal.painted(paint, cell))
          // No padding at the end of a line.
          .append(column.toTheRight() || i == widths.length - 1 ? "" : room);
    }
    return line.toString();
  }
}
