package dev.behalf.server.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.behalf.contract.ProblemCode;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class JsonBodyTest {

  private static final int MAX = 512 * 1024;

  record Note(String text, @Nullable Integer count) {}

  @Test
  void a_body_of_512_kib_is_read_whole() throws Exception {
    assertThat(JsonBody.bytes(request(new byte[MAX]))).hasSize(MAX);
  }

  @Test
  void one_byte_more_is_too_large() {
    var problem = refusal(request(new byte[MAX + 1]));

    assertThat(problem.code()).isEqualTo(ProblemCode.PAYLOAD_TOO_LARGE);
  }

  @Test
  void an_empty_body_is_read_as_no_bytes() throws Exception {
    assertThat(JsonBody.bytes(request(new byte[0]))).isEmpty();
  }

  @Test
  void of_an_endless_body_no_more_is_read_than_what_tells_that_it_is_too_large() {
    var endless = new Endless(Long.MAX_VALUE);

    assertThat(refusal(request(endless)).code()).isEqualTo(ProblemCode.PAYLOAD_TOO_LARGE);
    assertThat(endless.read).as("bytes read").isEqualTo(MAX + 1);
  }

  @ParameterizedTest
  @CsvSource({"HTTP/1.1, true", "HTTP/2.0, false"})
  void only_http_1_closes_the_connection_on_which_the_rest_would_come(
      String protocol, boolean closes) {
    var request = request(new byte[MAX + 1]);
    request.setProtocol(protocol);

    assertThat(refusal(request).headers().containsKey("Connection")).isEqualTo(closes);
  }

  @Test
  void a_client_that_breaks_off_is_at_fault() {
    var problem = refusal(request(new Endless(1_000)));

    assertThat(problem.code()).isEqualTo(ProblemCode.REQUEST_MALFORMED);
  }

  @Test
  void the_whole_body_is_one_value() throws Exception {
    assertThat(read("{\"text\": \"Żółw\", \"count\": 1}", true)).isEqualTo(new Note("Żółw", 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{",
        "[]",
        "{\"text\": \"a\"} {}",
        "{\"text\": \"a\", \"text\": \"b\"}",
        "{\"text\": 1}",
        "{\"other\": 1}"
      })
  void anything_else_is_malformed(String body) {
    var problem = catchThrowableOfType(Problem.class, () -> read(body, true));

    assertThat(problem.code()).isEqualTo(ProblemCode.JSON_MALFORMED);
  }

  @Test
  void the_wrong_property_is_named() {
    var problem =
        catchThrowableOfType(Problem.class, () -> read("{\"text\": \"a\", \"count\": 1.5}", true));

    assertThat(problem.field()).isEqualTo("count");
  }

  @Test
  void a_text_that_cannot_be_stored_is_refused_unless_the_reader_cleans_it() throws Exception {
    var body = "{\"text\": \"\\u0000\"}";

    assertThat(catchThrowableOfType(Problem.class, () -> read(body, true)).code())
        .isEqualTo(ProblemCode.NOT_UTF8);
    assertThat(read(body, false)).isEqualTo(new Note("\u0000", null));
  }

  @Test
  void a_body_that_is_not_utf_8_is_refused_even_if_the_reader_cleans_it() {
    var request = request("{\"text\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));

    var problem =
        catchThrowableOfType(Problem.class, () -> JsonBody.read(request, Note.class, false));

    assertThat(problem.code()).isEqualTo(ProblemCode.NOT_UTF8);
  }

  private static Note read(String body, boolean storable) throws IOException {
    return JsonBody.read(request(body.getBytes(StandardCharsets.UTF_8)), Note.class, storable);
  }

  private static Problem refusal(MockHttpServletRequest request) {
    return catchThrowableOfType(Problem.class, () -> JsonBody.bytes(request));
  }

  private static MockHttpServletRequest request(byte[] body) {
    var request = new MockHttpServletRequest("POST", "/api/v1/jobs");
    request.setContent(body);
    return request;
  }

  private static MockHttpServletRequest request(ServletInputStream body) {
    return new MockHttpServletRequest("POST", "/api/v1/jobs") {
      @Override
      public ServletInputStream getInputStream() {
        return body;
      }
    };
  }

  /** A body that breaks off after some bytes. */
  private static final class Endless extends ServletInputStream {
    private final long breaksAfter;
    private long read;

    Endless(long breaksAfter) {
      this.breaksAfter = breaksAfter;
    }

    @Override
    public int read() throws IOException {
      return read(new byte[1], 0, 1) == 1 ? ' ' : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (read == breaksAfter) {
        throw new IOException("connection reset");
      }
      int count = (int) Math.min(length, breaksAfter - read);
      Arrays.fill(bytes, offset, offset + count, (byte) ' ');
      read += count;
      return count;
    }

    @Override
    public boolean isFinished() {
      return false;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException();
    }
  }
}
