package dev.behalf.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  private final Figures figures = new Figures();

  @Test
  void what_was_not_measured_is_no_number() {
    assertThat(figures.get("drain.rate")).isNaN();
    assertThat(figures.has("drain.rate")).isFalse();
  }

  @Test
  void a_later_figure_replaces_an_earlier_one_in_its_place() {
    figures.put("a.one", 1);
    figures.put("b.two", 2);
    figures.put("a.one", 3);

    assertThat(figures.json()).isEqualTo("{\"a\":{\"one\":3.0},\"b\":{\"two\":2.0}}");
  }

  @Test
  void those_of_a_part_are_added_to_the_rest() {
    var part = new Figures();
    part.put("b.two", 2);
    figures.put("a.one", 1);

    figures.putAll(part);

    assertThat(figures.get("a.one")).isEqualTo(1);
    assertThat(figures.get("b.two")).isEqualTo(2);
  }

  @Test
  void parts_stand_in_the_order_of_the_run_and_what_is_in_them_by_name() {
    figures.put("idle.z", 1);
    figures.put("drain.b.y", 2);
    figures.put("drain.a", 3);
    figures.put("drain.b.x", 4);

    assertThat(figures.json())
        .isEqualTo("{\"idle\":{\"z\":1.0},\"drain\":{\"a\":3.0,\"b\":{\"x\":4.0,\"y\":2.0}}}");
  }

  @ParameterizedTest
  @CsvSource({"1234.5678, 1235.0", "1234567, 1235000.0", "0.00123456, 0.001235", "0, 0.0"})
  void a_figure_has_four_digits_that_count(double value, String text) {
    figures.put("a", value);

    assertThat(figures.json()).isEqualTo("{\"a\":" + text + "}");
  }

  @Test
  void the_table_has_a_heading_for_each_part_and_a_line_for_each_figure() {
    figures.put("idle.p50_ms", 3.14159);
    figures.put("idle.p99_ms", 31.4159);
    figures.put("drain.cpu.worker", 1234567);

    assertThat(figures.table().lines().map(line -> line.strip().replaceAll(" +", " ")))
        .containsExactly(
            "", "idle", "p50_ms 3.142", "p99_ms 31.4", "", "drain", "cpu.worker 1,234,567");
  }
}
