package dev.behalf.compute.security;

import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.ProblemWriter;
import dev.behalf.server.problem.Problems;
import dev.behalf.server.problem.RequestValidation;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers errors outside of controllers, in a filter or in the container, with a problem. */
@RestController
class UnhandledErrors implements ErrorController, RequestValidation.Answer {

  private final ProblemWriter writer;

  UnhandledErrors(ProblemWriter writer) {
    this.writer = writer;
  }

  @Override
  public boolean isJson(HttpServletRequest request) {
    return true;
  }

  @Override
  public void write(Problem problem, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    writer.write(response, problem);
  }

  @RequestMapping("/error")
  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    writer.write(
        response, Problems.ofStatus(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE)));
  }
}
