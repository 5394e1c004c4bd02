package dev.behalf.server.problem;

import dev.behalf.contract.ProblemCode;
import java.util.Optional;
import java.util.UUID;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.MediaType;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.HttpMediaTypeException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Converts exceptions and statuses of the frameworks to problems. */
public final class Problems {

  private Problems() {}

  /** Returns the problem for an exception, or empty if the exception is a fault of this server. */
  public static Optional<Problem> of(Throwable thrown) {
    return Optional.ofNullable(
        switch (thrown) {
          case Problem problem -> problem;
          case NoResourceFoundException e -> Problem.notFound();
          case NoHandlerFoundException e -> Problem.notFound();
          case MethodArgumentTypeMismatchException e -> unreadable(e);
          case HttpRequestMethodNotSupportedException e ->
              new Problem(
                      ProblemCode.METHOD_NOT_ALLOWED,
                      "The address does not support this method: see the API documentation.")
                  .with(
                      "Allow",
                      String.join(
                          ", ",
                          Optional.ofNullable(e.getSupportedMethods()).orElse(new String[0])));
          case HttpMediaTypeNotSupportedException e ->
              new Problem(
                  ProblemCode.MEDIA_TYPE_UNSUPPORTED, "Send Content-Type: %s.".formatted(type(e)));
          case HttpMediaTypeNotAcceptableException e ->
              new Problem(ProblemCode.NOT_ACCEPTABLE, "Send Accept: %s.".formatted(type(e)));
          case ErrorResponseException e -> ofStatus(e.getStatusCode().value());
          case ServletRequestBindingException e ->
              new Problem(
                  ProblemCode.REQUEST_MALFORMED,
                  "A query parameter is missing: see the API documentation.");
          case MissingServletRequestPartException e ->
              new Problem(
                      ProblemCode.PAYLOAD_INVALID,
                      "A field of the form is missing: complete the form.")
                  .about(e.getRequestPartName());
          case MultipartException e ->
              new Problem(ProblemCode.REQUEST_MALFORMED, "The parts of the form cannot be read.");
          case InvalidParameterException e -> ofStatus(e.getErrorCode());
          case DataAccessResourceFailureException e -> Problem.unavailable();
          case TransientDataAccessException e -> Problem.unavailable();
          case TransactionException e -> Problem.unavailable();
          default -> null;
        });
  }

  /**
   * Returns whether a failure is independent of the work and may pass soon: the database is
   * unavailable or busy, or this process is stopping or short of memory. Any other failure may be
   * caused by the work itself and would then occur again.
   */
  public static boolean isTransient(Throwable thrown) {
    return switch (thrown) {
      case Error e -> true;
      case InterruptedException e -> true;
      default -> of(thrown).filter(p -> p.code().status() == 503).isPresent();
    };
  }

  /** Returns the type that an address takes or gives. */
  private static String type(HttpMediaTypeException e) {
    return e.getSupportedMediaTypes().stream()
        .findFirst()
        .orElse(MediaType.APPLICATION_JSON)
        .toString();
  }

  private static Problem unreadable(MethodArgumentTypeMismatchException e) {
    return e.getRequiredType() == UUID.class
        ? new Problem(
            ProblemCode.ID_MALFORMED,
            "Write the id as 32 hexadecimal digits in five groups: it is a UUID.")
        : new Problem(
            ProblemCode.PAYLOAD_INVALID, "The value of \"" + e.getName() + "\" cannot be read.");
  }

  /** Returns the problem for a bare status that a filter or the container has set. */
  public static Problem ofStatus(@Nullable Object status) {
    int code = status instanceof Integer number ? number : 500;
    return switch (code) {
      case 400 ->
          new Problem(
              ProblemCode.REQUEST_MALFORMED,
              "The request cannot be read: check its form, and send it again.");
      case 404 -> Problem.notFound();
      case 405 ->
          new Problem(
              ProblemCode.METHOD_NOT_ALLOWED,
              "The address does not support this method: see the API documentation.");
      case 406 -> new Problem(ProblemCode.NOT_ACCEPTABLE, "Send Accept: application/json.");
      case 413 ->
          new Problem(
              ProblemCode.PAYLOAD_TOO_LARGE,
              "Keep a form within 2 MB and a file within 100 MB, in at most 50 parts.");
      case 415 ->
          new Problem(ProblemCode.MEDIA_TYPE_UNSUPPORTED, "Send Content-Type: application/json.");
      case 503 -> Problem.unavailable();
      default ->
          code < 500
              ? new Problem(ProblemCode.FORBIDDEN, "Check the address and the request.")
              : internal();
    };
  }

  public static Problem internal() {
    return new Problem(
        ProblemCode.INTERNAL,
        "Try again; if the error persists, report the trace id of this response.");
  }
}
