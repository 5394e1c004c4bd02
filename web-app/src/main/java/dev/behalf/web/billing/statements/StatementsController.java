package dev.behalf.web.billing.statements;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Caller;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class StatementsController {

  private final Statements statements;

  StatementsController(Statements statements) {
    this.statements = statements;
  }

  @GetMapping("/api/v1/statements/{period}")
  Statement find(
      Caller caller, @PathVariable String period, @RequestParam @Nullable String environment) {
    return statements
        .of(
            caller.userId(),
            caller.environment(asked(environment)),
            Period.find(period).orElseThrow(Problem::notFound))
        .orElseThrow(Problem::notFound);
  }

  /** Parses the parameter here: a controller's {@link Environment} argument is the page's mode. */
  private static @Nullable Environment asked(@Nullable String environment) {
    if (environment == null) {
      return null;
    }
    try {
      return Environment.of(environment);
    } catch (IllegalArgumentException unknown) {
      throw new Problem(ProblemCode.PAYLOAD_INVALID, "The environment is \"live\" or \"test\".")
          .about("environment");
    }
  }
}
