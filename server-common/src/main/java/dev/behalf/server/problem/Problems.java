package dev.behalf.server.problem;

import dev.behalf.contract.ProblemCode;
import java.util.Optional;
import java.util.UUID;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns what the frameworks throw into problems. */
public final class Problems {

  private Problems() {}

  /** The problem that an exception stands for; nothing where it is a fault of ours. */
  public static Optional<Problem> of(Throwable thrown) {
    return Optional.ofNullable(
        switch (thrown) {
          case Problem problem -> problem;
          case NoResourceFoundException e -> Problem.notFound();
          case NoHandlerFoundException e -> Problem.notFound();
          case MethodArgumentTypeMismatchException e -> unreadable(e);
          case HttpRequestMethodNotSupportedException e ->
              new Problem(ProblemCode.METHOD_NOT_ALLOWED, "Use another method here.")
                  .with(
                      "Allow",
                      String.join(
                          ", ",
                          Optional.ofNullable(e.getSupportedMethods()).orElse(new String[0])));
          case HttpMediaTypeNotSupportedException e ->
              new Problem(
                  ProblemCode.MEDIA_TYPE_UNSUPPORTED, "Send Content-Type: application/json.");
          case HttpMediaTypeNotAcceptableException e ->
              new Problem(ProblemCode.NOT_ACCEPTABLE, "Send Accept: application/json.");
          case ErrorResponseException e -> ofStatus(e.getStatusCode().value());
          case ServletRequestBindingException e ->
              new Problem(ProblemCode.REQUEST_MALFORMED, "Something is missing in the address.");
          case MissingServletRequestPartException e ->
              new Problem(ProblemCode.PAYLOAD_INVALID, "Add what is missing to the form.")
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
   * Whether it has nothing to do with what was to be done, and may be over soon: the database is
   * away or busy, this process stops or is short of memory. Anything else may be the fault of the
   * one thing that was to be done, and would be so again.
   */
  public static boolean isTransient(Throwable thrown) {
    return switch (thrown) {
      case Error e -> true;
      case InterruptedException e -> true;
      default -> of(thrown).filter(p -> p.code().status() == 503).isPresent();
    };
  }

  private static Problem unreadable(MethodArgumentTypeMismatchException e) {
    return e.getRequiredType() == UUID.class
        ? new Problem(
            ProblemCode.ID_MALFORMED,
            "Write the id as 32 hexadecimal digits in five groups: it is a UUID.")
        : new Problem(
            ProblemCode.PAYLOAD_INVALID, "The value of \"" + e.getName() + "\" cannot be read.");
  }

  /** What a filter or the container has answered with a status alone. */
  public static Problem ofStatus(@Nullable Object status) {
    int code = status instanceof Integer number ? number : 500;
    return switch (code) {
      case 400 ->
          new Problem(
              ProblemCode.REQUEST_MALFORMED,
              "Send it again in the right form: this cannot be taken as it is.");
      case 404 -> Problem.notFound();
      case 405 -> new Problem(ProblemCode.METHOD_NOT_ALLOWED, "Use another method here.");
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
              ? new Problem(ProblemCode.FORBIDDEN, "Check the address and what was sent to it.")
              : internal();
    };
  }

  public static Problem internal() {
    return new Problem(
        ProblemCode.INTERNAL, "Try again; if it stays, send us the trace id of this answer.");
  }
}
