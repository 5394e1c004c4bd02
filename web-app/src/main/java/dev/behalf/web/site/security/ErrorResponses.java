package dev.behalf.web.site.security;

import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.ProblemWriter;
import dev.behalf.server.problem.Problems;
import dev.behalf.server.problem.RequestValidation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers every error with a problem in the API, and with a page in the reader's language in the
 * browser.
 */
@ControllerAdvice
class ErrorResponses implements RequestValidation.Answer {

  private static final Logger log = LoggerFactory.getLogger(ErrorResponses.class);

  private final ProblemWriter writer;

  ErrorResponses(ProblemWriter writer) {
    this.writer = writer;
  }

  /** Does nothing: the client closed the connection, as a reader who leaves a live page does. */
  @ExceptionHandler
  void gone(AsyncRequestNotUsableException e) {}

  @ExceptionHandler
  @Nullable ModelAndView answer(
      Exception thrown, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    var known = Problems.of(thrown);
    if (known.isEmpty()) {
      log.error("A request failed.", thrown);
    }
    return answer(known.orElseGet(Problems::internal), request.getRequestURI(), response);
  }

  @Nullable ModelAndView answer(Problem problem, String path, HttpServletResponse response)
      throws IOException {
    if (isPage(path)) {
      problem.headers().forEach(response::setHeader);
      return page(problem);
    }
    writer.write(response, problem);
    return null;
  }

  @Override
  public boolean isJson(HttpServletRequest request) {
    return !isPage(request.getRequestURI());
  }

  /** Answers for a filter. The container renders the error page in a second dispatch. */
  @Override
  public void write(Problem problem, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (isJson(request)) {
      writer.write(response, problem);
    } else {
      response.sendError(problem.code().status());
    }
  }

  private static ModelAndView page(Problem problem) {
    var page = new ModelAndView("error", HttpStatus.valueOf(problem.code().status()));
    page.addObject("status", problem.code().status());
    page.addObject("code", problem.code().wire());
    page.addObject("requestId", MDC.get("traceId"));
    return page;
  }

  private static boolean isPage(String path) {
    return !path.startsWith("/api/") && !path.startsWith("/internal/");
  }
}
