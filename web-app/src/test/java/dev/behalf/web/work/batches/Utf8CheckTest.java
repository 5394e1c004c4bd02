package dev.behalf.web.work.batches;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8CheckTest {

  private static final int BUFFER = 64 * 1024;

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "\n", "\ufeffoperation,text", "é€😀", "P", "PK"})
  void utf_8_is_accepted(String text) {
    assertThatCode(() -> check(text.getBytes(UTF_8))).doesNotThrowAnyException();
  }

  @Test
  void a_character_across_the_end_of_a_buffer_is_whole() {
    for (int before = BUFFER - 4; before <= BUFFER; before++) {
      var file = ("x".repeat(before) + "😀" + "x".repeat(BUFFER)).getBytes(UTF_8);

      assertThatCode(() -> check(file)).as("%d bytes before", before).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "80, a byte that only continues",
    "C0AF, an overlong form",
    "EDA080, a surrogate",
    "F4908080, above U+10FFFF",
    "FF, a byte that never occurs",
    "C3, a cut character of two bytes",
    "E282, a cut character of three bytes",
    "F09F98, a cut character of four bytes"
  })
  void what_is_not_utf_8_is_refused(String hex, String what) {
    assertThatThrownBy(() -> check(HexFormat.of().parseHex(hex)))
        .as(what)
        .isInstanceOf(Lines.Unreadable.class)
        .hasMessage("Line 1 is not UTF-8: save the file in that encoding.");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1_000, BUFFER / 8 - 1, BUFFER / 8, BUFFER / 8 + 1, 100_000})
  void the_line_is_named_in_whichever_buffer_it_is(int line) {
    var file = ("echo,hi\n".repeat(line - 1) + "caf\u00e9\nrest").getBytes(ISO_8859_1);

    assertThatThrownBy(() -> check(file)).hasMessageStartingWith("Line %,d is".formatted(line));
  }

  @ParameterizedTest
  @ValueSource(ints = {BUFFER - 1, BUFFER, BUFFER + 1, 2 * BUFFER})
  void a_character_that_the_end_of_the_file_cuts_is_refused(int length) {
    var file = ("x".repeat(length - 1) + "\u00c3").getBytes(ISO_8859_1);

    assertThatThrownBy(() -> check(file)).isInstanceOf(Lines.Unreadable.class);
  }

  @ParameterizedTest
  @CsvSource({
    "FEFF0061, UTF-16",
    "FFFE6100, UTF-16",
    "FFFE, UTF-16",
    "504B0304, a workbook or an archive"
  })
  void a_file_of_another_kind_is_named(String hex, String kind) {
    assertThatThrownBy(() -> check(HexFormat.of().parseHex(hex)))
        .isInstanceOf(Lines.Unreadable.class)
        .hasMessageStartingWith("The file is " + kind);
  }

  @Test
  void a_file_that_arrives_byte_by_byte_is_read_whole() {
    var file = ("é".repeat(BUFFER) + "\n\u00e9").getBytes(UTF_8);

    assertThatCode(() -> Utf8Check.check(new OneByOne(file))).doesNotThrowAnyException();
  }

  private static void check(byte[] file) throws IOException {
    Utf8Check.check(new ByteArrayInputStream(file));
  }

  private static final class OneByOne extends InputStream {
    private final ByteArrayInputStream file;

    OneByOne(byte[] file) {
      this.file = new ByteArrayInputStream(file);
    }

    @Override
    public int read() {
      return file.read();
    }

    @Override
    public int read(byte[] into, int at, int most) {
      return file.read(into, at, Math.min(1, most));
    }
  }
}
