package dev.behalf.web.billing.statements;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.jobs.JobQuery;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The billing pages: months, their statements and the charges behind each line. */
@Controller
@RequestMapping("/billing")
class BillingPage {

  private final Statements statements;
  private final InstantSource clock;

  BillingPage(Statements statements, InstantSource clock) {
    this.statements = statements;
    this.clock = clock;
  }

  record Months(List<Statements.Billed> periods) {}

  /** A page of charges; {@code next} is the cursor of the next page. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ChargesPage(List<Statements.Charge> charges, @Nullable UUID next) {}

  @GetMapping
  Object periods(Caller caller, Environment environment, Format format) {
    var periods = statements.periods(caller.userId(), environment);
    if (format != Format.HTML) {
      return table(periods).answer(format, new Months(periods), "billing");
    }
    var page = new ModelAndView("billing");
    page.addObject("periods", periods);
    page.addObject("now", Period.at(clock.instant()).name());
    return page;
  }

  @GetMapping("/{period}")
  Object statement(
      Caller caller, Environment environment, @PathVariable String period, Format format) {
    var month = Period.find(period).orElseThrow(Problem::notFound);
    var statement =
        statements.of(caller.userId(), environment, month).orElseThrow(Problem::notFound);
    if (format != Format.HTML) {
      return statement.table().answer(format, statement, "statement-" + month.name());
    }
    var page = new ModelAndView("statement");
    page.addObject("statement", statement);
    page.addObject("query", JobQuery.within(month));
    return page;
  }

  @GetMapping("/{period}/charges")
  Object charges(
      Caller caller,
      Environment environment,
      @PathVariable String period,
      @RequestParam @Nullable String op,
      @RequestParam @Nullable String key,
      @RequestParam @Nullable UUID cursor,
      Format format) {
    var month = Period.find(period).orElseThrow(Problem::notFound);
    var found = statements.charges(caller.userId(), environment, month, op, key, cursor);
    var shown = found.subList(0, Math.min(found.size(), Statements.PAGE));
    var next = found.size() > shown.size() ? shown.getLast().jobId() : null;
    if (format != Format.HTML) {
      return chargeTable(shown)
          .answer(format, new ChargesPage(shown, next), "charges-" + month.name());
    }
    var page = new ModelAndView("charges");
    page.addObject("period", month.name());
    page.addObject("charges", shown);
    page.addObject("next", next);
    page.addObject("op", op);
    page.addObject("key", key);
    return page;
  }

  private static Table table(List<Statements.Billed> periods) {
    var rows = new ArrayList<List<Object>>();
    periods.forEach(
        month ->
            rows.add(
                List.of(
                    month.period(),
                    month.used(),
                    month.limit(),
                    java.util.Objects.requireNonNullElse(month.amount(), ""))));
    return new Table(List.of("period", "used", "limit", "amount"), rows);
  }

  private static Table chargeTable(List<Statements.Charge> charges) {
    var rows = new ArrayList<List<Object>>();
    charges.forEach(
        charge ->
            rows.add(
                List.of(
                    charge.chargedAt(),
                    charge.jobId(),
                    charge.operation(),
                    charge.keyId(),
                    charge.key(),
                    charge.units())));
    return new Table(List.of("charged_at", "job_id", "operation", "key_id", "key", "units"), rows);
  }
}
