package dev.behalf.web.site.security;

import dev.behalf.server.problem.Problems;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers errors outside of controllers: in a filter, in the container, or while a page is
 * rendered.
 */
@Controller
class ErrorPage implements ErrorController {

  private final ErrorResponses answers;

  ErrorPage(ErrorResponses answers) {
    this.answers = answers;
  }

  @RequestMapping("/error")
  @Nullable ModelAndView answer(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    var path = String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
    return answers.answer(
        Problems.ofStatus(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE)),
        path,
        response);
  }
}
