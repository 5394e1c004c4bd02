package dev.behalf.web.site.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class TableTest {

  private static final Table TABLE =
      new Table(
          List.of("a", "b"),
          List.of(Table.row("+1", -1L), Table.row("-x", null), Table.row("@a,\"b\"\n", 3)));

  @Test
  void a_csv_holds_no_formula() {
    assertThat(TABLE.csv()).isEqualTo("a,b\r\n'+1,-1\r\n'-x,\r\n\"'@a,\"\"b\"\"\n\",3\r\n");
  }

  @Test
  void a_negative_number_is_no_formula() {
    assertThat(Csv.line(List.of("-5", "-0.25", "-5+1", "-", "--5", "+5")))
        .isEqualTo("-5,-0.25,'-5+1,'-,'--5,'+5\r\n");
  }

  @Test
  void a_text_is_aligned_and_moves_no_cursor() {
    assertThat(TABLE.plain()).isEqualTo("a        b\n+1       -1\n-x\n@a,\"b\"    3\n");
  }

  @Test
  void json_names_each_cell_also_one_without_a_value() {
    assertThat(TABLE.orPage(Format.JSON, "operators/now").toString())
        .contains("{a=-x, b=null}")
        .contains("no-store");
    assertThat(TABLE.orPage(Format.HTML, "operators/now")).isEqualTo("operators/now");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "-",
      value = {
        "-;-;HTML",
        "text/csv;-;CSV",
        "text/html;csv;CSV",
        "text/html;nonsense;HTML",
        "application/json, text/plain, */*;-;JSON",
        "'text/plain;q=0.5, text/csv';-;CSV",
        "*/*;-;HTML",
        "image/png;-;HTML",
        "not a type;-;HTML"
      })
  void the_address_or_the_header_says_the_format(String accept, String word, Format format) {
    var request = new MockHttpServletRequest();
    if (accept != null) {
      request.addHeader("Accept", accept);
    }
    if (word != null) {
      request.setParameter("format", word);
    }
    assertThat(Format.wanted(request)).isEqualTo(format);
  }
}
