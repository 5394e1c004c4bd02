package dev.behalf.server.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.behalf.contract.ProblemCode;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.MethodParameter;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

class ProblemsTest {

  static Stream<Arguments> explained() {
    return Stream.of(
        arguments(new NoResourceFoundException(HttpMethod.GET, "/x", "x"), ProblemCode.NOT_FOUND),
        arguments(
            new NoHandlerFoundException("GET", "/x", new HttpHeaders()), ProblemCode.NOT_FOUND),
        arguments(mismatch(UUID.class), ProblemCode.ID_MALFORMED),
        arguments(mismatch(Integer.class), ProblemCode.PAYLOAD_INVALID),
        arguments(
            new HttpRequestMethodNotSupportedException("PUT"), ProblemCode.METHOD_NOT_ALLOWED),
        arguments(
            new HttpMediaTypeNotSupportedException(MediaType.TEXT_XML, List.of()),
            ProblemCode.MEDIA_TYPE_UNSUPPORTED),
        arguments(new HttpMediaTypeNotAcceptableException(List.of()), ProblemCode.NOT_ACCEPTABLE),
        arguments(
            new MissingServletRequestParameterException("q", "String"),
            ProblemCode.REQUEST_MALFORMED),
        arguments(new MissingServletRequestPartException("file"), ProblemCode.PAYLOAD_INVALID),
        arguments(new MultipartException("no boundary"), ProblemCode.REQUEST_MALFORMED),
        arguments(new ResponseStatusException(HttpStatus.NOT_FOUND), ProblemCode.NOT_FOUND),
        arguments(
            new ResponseStatusException(HttpStatus.INTERNAL_SERVER_ERROR), ProblemCode.INTERNAL),
        arguments(new DataAccessResourceFailureException("away"), ProblemCode.UNAVAILABLE),
        arguments(new QueryTimeoutException("slow"), ProblemCode.UNAVAILABLE),
        arguments(new CannotAcquireLockException("deadlock"), ProblemCode.UNAVAILABLE),
        arguments(new CannotCreateTransactionException("no pool"), ProblemCode.UNAVAILABLE));
  }

  static final List<Throwable> FAULTS_OF_THIS_SERVER =
      List.of(
          new IllegalStateException("a bug"),
          new NullPointerException(),
          new DuplicateKeyException("users_email"),
          new DataIntegrityViolationException("check"),
          new BadSqlGrammarException("read", "selec 1", new SQLException()),
          new RuntimeException(new QueryTimeoutException("slow")),
          new StackOverflowError());

  @ParameterizedTest
  @MethodSource("explained")
  void a_failure_that_the_client_can_do_something_about_is_explained(
      Exception thrown, ProblemCode code) {
    assertThat(Problems.of(thrown)).map(Problem::code).hasValue(code);
  }

  @ParameterizedTest
  @FieldSource("FAULTS_OF_THIS_SERVER")
  void a_fault_of_this_server_is_not_explained(Throwable thrown) {
    assertThat(Problems.of(thrown)).isEmpty();
  }

  @Test
  void a_problem_is_passed_on_unchanged() {
    var problem = new Problem(ProblemCode.JOB_ENDED, "Submit a new job.");

    assertThat(Problems.of(problem).orElseThrow()).isSameAs(problem);
  }

  @Test
  void a_refused_method_names_the_supported_ones() {
    assertThat(
            Problems.of(new HttpRequestMethodNotSupportedException("PUT", List.of("GET", "POST")))
                .orElseThrow()
                .headers())
        .containsEntry("Allow", "GET, POST");
  }

  @Test
  void a_405_has_an_allow_header_even_if_no_method_is_supported() {
    assertThat(
            Problems.of(new HttpRequestMethodNotSupportedException("PUT")).orElseThrow().headers())
        .containsEntry("Allow", "");
  }

  @Test
  void a_missing_part_of_a_form_is_named() {
    assertThat(Problems.of(new MissingServletRequestPartException("file")).orElseThrow().field())
        .isEqualTo("file");
  }

  @ParameterizedTest
  @CsvSource({
    "400, REQUEST_MALFORMED",
    "401, FORBIDDEN",
    "403, FORBIDDEN",
    "404, NOT_FOUND",
    "405, METHOD_NOT_ALLOWED",
    "406, NOT_ACCEPTABLE",
    "413, PAYLOAD_TOO_LARGE",
    "415, MEDIA_TYPE_UNSUPPORTED",
    "499, FORBIDDEN",
    "500, INTERNAL",
    "501, INTERNAL",
    "503, UNAVAILABLE"
  })
  void a_bare_status_has_a_problem(int status, ProblemCode code) {
    assertThat(Problems.ofStatus(status).code()).isEqualTo(code);
  }

  @Test
  void a_status_that_is_missing_or_no_number_is_a_fault_of_this_server() {
    for (@Nullable Object status : new @Nullable Object[] {null, "404", 404L}) {
      assertThat(Problems.ofStatus(status).code()).isEqualTo(ProblemCode.INTERNAL);
    }
  }

  @Test
  void a_failure_may_pass_if_the_database_or_the_process_and_not_the_work_causes_it() {
    for (var passing :
        List.of(
            new DataAccessResourceFailureException("away"),
            new CannotAcquireLockException("deadlock"),
            new CannotCreateTransactionException("no pool"),
            new InterruptedException(),
            new OutOfMemoryError(),
            Problem.unavailable(),
            Problem.busy())) {
      assertThat(Problems.isTransient(passing)).as(passing.toString()).isTrue();
    }
  }

  @Test
  void a_failure_that_the_work_causes_would_occur_again() {
    for (var lasting :
        List.of(
            new IllegalStateException("a bug"),
            new DataIntegrityViolationException("check"),
            new Problem(ProblemCode.JOB_ENDED, "Submit a new job."),
            Problems.internal())) {
      assertThat(Problems.isTransient(lasting)).as(lasting.toString()).isFalse();
    }
  }

  private static MethodArgumentTypeMismatchException mismatch(Class<?> required) {
    try {
      var any = new MethodParameter(Object.class.getMethod("equals", Object.class), 0);
      return new MethodArgumentTypeMismatchException("x", required, "id", any, null);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }
}
