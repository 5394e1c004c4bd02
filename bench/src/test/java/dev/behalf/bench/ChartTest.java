package dev.behalf.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** A chart as a browser reads it. */
class ChartTest {

  @Test
  void bars_stand_in_the_order_of_the_names_one_row_below_the_other() throws Exception {
    var figures = new Figures();
    figures.put("b", 1);
    figures.put("a", 2);
    var names = new LinkedHashMap<String, String>();
    names.put("a", "first");
    names.put("b", "second");

    var svg = read(Chart.of("Title", "s", figures, names));

    assertThat(texts(svg)).containsExactly("Title", "first", "2.00 s", "second", "1.00 s");
    assertThat(attributes(svg, "y")).containsExactly("40", "66");
  }

  @Test
  void a_bar_is_as_long_as_its_share_of_the_most() throws Exception {
    assertThat(attributes(read(chart(Map.of("a", 200.0))), "width")).containsExactly("440");
    assertThat(attributes(read(chart(Map.of("a", 200.0, "b", 50.0))), "width"))
        .containsExactlyInAnyOrder("440", "110");
  }

  @Test
  void the_smallest_bar_can_still_be_seen() throws Exception {
    assertThat(attributes(read(chart(Map.of("a", 1e6, "b", 0.0))), "width"))
        .containsExactlyInAnyOrder("440", "1");
  }

  @Test
  void bars_without_any_length_are_drawn_all_the_same() throws Exception {
    assertThat(attributes(read(chart(Map.of("a", 0.0))), "width")).containsExactly("1");
  }

  @Test
  void a_chart_without_bars_has_its_title_only() throws Exception {
    var svg = read(chart(Map.of()));

    assertThat(texts(svg)).containsExactly("Title");
    assertThat(svg.getDocumentElement().getAttribute("aria-label")).isEqualTo("Title");
  }

  @Test
  void the_image_has_room_for_every_row() throws Exception {
    var svg = read(chart(Map.of("a", 1.0, "b", 2.0, "c", 3.0)));

    assertThat(svg.getDocumentElement().getAttribute("viewBox")).isEqualTo("0 0 720 126");
    assertThat(attributes(svg, "y"))
        .allSatisfy(y -> assertThat(Integer.valueOf(y) + 16).isLessThan(126));
  }

  @ParameterizedTest
  @CsvSource({"0.005, '0.01 s'", "99.99, '99.99 s'", "100, '100 s'", "12345.6, '12,346 s'"})
  void a_figure_is_told_with_its_unit(double value, String text) throws Exception {
    assertThat(texts(read(chart(Map.of("a", value))))).last().isEqualTo(text);
  }

  private static Chart chart(Map<String, Double> bars) {
    return new Chart("Title", "s", bars);
  }

  private static Document read(Chart chart) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(chart.svg())));
  }

  private static List<String> texts(Document svg) {
    return elements(svg, "text").stream().map(Element::getTextContent).toList();
  }

  private static List<String> attributes(Document svg, String name) {
    return elements(svg, "rect").stream().map(bar -> bar.getAttribute(name)).toList();
  }

  private static List<Element> elements(Document svg, String tag) {
    var found = svg.getElementsByTagName(tag);
    var list = new ArrayList<Element>();
    for (int i = 0; i < found.getLength(); i++) {
      list.add((Element) found.item(i));
    }
    return list;
  }
}
