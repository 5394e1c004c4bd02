package dev.behalf.web.billing.usage;

import dev.behalf.contract.Environment;
import dev.behalf.web.site.security.Caller;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class UsageController {

  private final Usage usage;

  UsageController(Usage usage) {
    this.usage = usage;
  }

  record MonthAnswer(
      Environment environment, String period, long used, long held, long limit, long left) {}

  record UsageAnswer(List<MonthAnswer> usage) {}

  @GetMapping("/api/v1/usage")
  UsageAnswer usage(Caller caller) {
    return new UsageAnswer(
        usage.of(caller.userId()).stream()
            .filter(month -> caller.maySee(month.environment()))
            .map(
                m ->
                    new MonthAnswer(
                        m.environment(), m.period(), m.used(), m.held(), m.limit(), m.left()))
            .toList());
  }
}
