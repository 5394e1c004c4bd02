package dev.behalf.server.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.behalf.contract.ProblemCode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.core.MethodParameter;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.ServletWebRequest;

class StrictBodyResolverTest {

  private final StrictBodyResolver resolver = new StrictBodyResolver();

  record Note(String text) {}

  /** The parameters of a controller. */
  @SuppressWarnings("unused")
  static void submit(
      @StrictBody Note strict, @StrictBody(storable = false) Note cleaned, Note other) {}

  @Test
  void only_marked_parameters_are_bodies() throws Exception {
    assertThat(resolver.supportsParameter(parameter(0))).isTrue();
    assertThat(resolver.supportsParameter(parameter(2))).isFalse();
  }

  @Test
  void a_body_is_read_as_the_type_of_its_parameter() throws Exception {
    assertThat(resolve(0, "{\"text\": \"a\"}")).isEqualTo(new Note("a"));
  }

  @Test
  void texts_must_be_storable_unless_the_parameter_says_otherwise() throws Exception {
    var body = "{\"text\": \"\\u0000\"}";

    assertThat(catchThrowableOfType(Problem.class, () -> resolve(0, body)).code())
        .isEqualTo(ProblemCode.NOT_UTF8);
    assertThat(resolve(1, body)).isEqualTo(new Note("\u0000"));
  }

  private Object resolve(int index, String body) throws Exception {
    var request = new MockHttpServletRequest("POST", "/api/v1/notes");
    request.setContent(body.getBytes(StandardCharsets.UTF_8));
    return resolver.resolveArgument(parameter(index), null, new ServletWebRequest(request), null);
  }

  private static MethodParameter parameter(int index) throws NoSuchMethodException {
    var method =
        StrictBodyResolverTest.class.getDeclaredMethod(
            "submit", Note.class, Note.class, Note.class);
    return new MethodParameter(method, index);
  }
}
