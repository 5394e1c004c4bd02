package dev.behalf.compute.security;

import dev.behalf.server.problem.ProblemWriter;
import dev.behalf.server.problem.Problems;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/** Answers every exception of a controller with a problem. */
@RestControllerAdvice
class ProblemAdvice {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  private final ProblemWriter writer;

  ProblemAdvice(ProblemWriter writer) {
    this.writer = writer;
  }

  /** Does nothing: the client closed the connection before the answer was sent. */
  @ExceptionHandler
  void gone(AsyncRequestNotUsableException e) {}

  @ExceptionHandler
  void answer(Exception thrown, HttpServletResponse response) throws IOException {
    var problem = Problems.of(thrown);
    if (problem.isEmpty()) {
      log.error("A request failed.", thrown);
    }
    writer.write(response, problem.orElseGet(Problems::internal));
  }
}
