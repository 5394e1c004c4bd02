package dev.behalf.web.billing.usage;

import dev.behalf.contract.Environment;
import dev.behalf.problem.Problem;
import dev.behalf.web.site.security.Caller;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class UsageController {

  private final Usage usage;
  private final Statements statements;
  private final Receipts receipts;

  UsageController(Usage usage, Statements statements, Receipts receipts) {
    this.usage = usage;
    this.statements = statements;
    this.receipts = receipts;
  }

  record MonthAnswer(Environment environment, String period, long used, long limit, long left) {}

  record UsageAnswer(List<MonthAnswer> usage) {}

  @GetMapping("/api/v1/usage")
  UsageAnswer usage(Caller caller) {
    return new UsageAnswer(
        usage.of(caller.userId()).stream()
            .filter(month -> caller.maySee(month.environment()))
            .map(m -> new MonthAnswer(m.environment(), m.period(), m.used(), m.limit(), m.left()))
            .toList());
  }

  @GetMapping("/api/v1/statements/{period}")
  Statements.Statement statement(
      Caller caller, @PathVariable String period, @RequestParam @Nullable String environment) {
    return statements
        .of(caller.userId(), caller.environment(asked(environment)), Period.parse(period))
        .orElseThrow(Problem::notFound);
  }

  @GetMapping("/api/v1/jobs/{id}/receipt")
  Receipts.Receipt receipt(Caller caller, @PathVariable UUID id) {
    return receipts.of(caller, id).orElseThrow(Problem::notFound);
  }

  /** Not as a type of its own: in a controller, that is the mode of a page. */
  private static @Nullable Environment asked(@Nullable String environment) {
    if (environment == null) {
      return null;
    }
    try {
      return Environment.of(environment);
    } catch (IllegalArgumentException unknown) {
      throw new Problem(
              dev.behalf.contract.ProblemCode.PAYLOAD_INVALID,
              "The environment is \"live\" or \"test\".")
          .about("environment");
    }
  }
}
