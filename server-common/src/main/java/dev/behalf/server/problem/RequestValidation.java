package dev.behalf.server.problem;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StorableText;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses invalid requests before anything else reads them: parameters that cannot be decoded or
 * stored, a form that is too large, a single-value header sent twice, and a compressed or multipart
 * body where JSON is expected.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
public final class RequestValidation extends OncePerRequestFilter {

  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD");

  private static final List<String> SINGLE_HEADERS =
      List.of(
          HttpHeaders.AUTHORIZATION,
          HttpHeaders.CONTENT_TYPE,
          "Idempotency-Key",
          "Behalf-On-Behalf-Of");

  private final Answer answer;

  /** Answers a refused request, with a problem or an equivalent page. */
  public interface Answer {

    /** Returns whether the address accepts and returns JSON. A JSON body holds no parameters. */
    boolean isJson(HttpServletRequest request);

    void write(Problem problem, HttpServletRequest request, HttpServletResponse response)
        throws IOException;
  }

  public RequestValidation(Answer answer) {
    this.answer = answer;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var problem =
        repeatedHeader(request).or(() -> bodyOfOtherKind(request)).or(() -> parameters(request));
    if (problem.isPresent()) {
      answer.write(problem.get(), request, response);
    } else {
      chain.doFilter(request, response);
    }
  }

  private static Optional<Problem> repeatedHeader(HttpServletRequest request) {
    return SINGLE_HEADERS.stream()
        .filter(name -> Collections.list(request.getHeaders(name)).size() > 1)
        .findFirst()
        .map(
            name ->
                new Problem(ProblemCode.REQUEST_MALFORMED, "Send the header " + name + " once."));
  }

  /**
   * Refuses a body that is encoded or multipart. The answer names the accepted encoding in {@code
   * Accept-Encoding} (RFC 9110, 15.5.16).
   */
  private Optional<Problem> bodyOfOtherKind(HttpServletRequest request) {
    if (!answer.isJson(request)) {
      return Optional.empty();
    }
    var encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return Optional.of(
          new Problem(ProblemCode.MEDIA_TYPE_UNSUPPORTED, "Send the body without Content-Encoding.")
              .with(HttpHeaders.ACCEPT_ENCODING, "identity"));
    }
    return isMultipart(request)
        ? Optional.of(Problems.ofStatus(HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE))
        : Optional.empty();
  }

  private Optional<Problem> parameters(HttpServletRequest request) {
    if (!mayRead(request)) {
      return Optional.empty();
    }
    try {
      return request.getParameterMap().entrySet().stream()
              .allMatch(
                  parameter ->
                      StorableText.isStorable(parameter.getKey())
                          && Arrays.stream(parameter.getValue()).allMatch(StorableText::isStorable))
          ? Optional.empty()
          : Optional.of(
              new Problem(
                  ProblemCode.NOT_UTF8,
                  "Remove U+0000 and unpaired surrogates from the parameters."));
    } catch (InvalidParameterException unreadable) {
      return Optional.of(Problems.ofStatus(unreadable.getErrorCode()));
    }
  }

  /**
   * Returns whether the parameters may be read. An API body is not a form, whatever its content
   * type; uploads are read later.
   */
  private boolean mayRead(HttpServletRequest request) {
    return WITHOUT_BODY.contains(request.getMethod())
        || !(answer.isJson(request) || isMultipart(request));
  }

  /** Returns whether the request has a multipart body, which can hold files. */
  public static boolean isMultipart(HttpServletRequest request) {
    return !WITHOUT_BODY.contains(request.getMethod())
        && Objects.requireNonNullElse(request.getContentType(), "")
            .regionMatches(true, 0, "multipart/", 0, "multipart/".length());
  }
}
