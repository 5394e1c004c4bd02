package dev.behalf.web.operators.console;

import dev.behalf.operation.BadDefinition;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.operations.Operations;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages on which operators list, apply and retire operations. */
@Controller
class OperationsPage {

  private final Operations operations;
  private final OperationUse use;
  private final OperatorAudit log;
  private final TransactionTemplate transaction;

  OperationsPage(
      Operations operations, OperationUse use, OperatorAudit log, TransactionTemplate transaction) {
    this.operations = operations;
    this.use = use;
    this.log = log;
    this.transaction = transaction;
  }

  @GetMapping("/ops/operations")
  Object list(Format format, Model model) {
    var listed = operations.list();
    model.addAttribute("operations", listed);
    return new Table(
            List.of("name", "version", "retired_at", "applied_by", "applied_at"),
            listed.stream()
                .<List<?>>map(
                    one ->
                        Table.row(
                            one.name(),
                            one.version(),
                            one.retiredAt(),
                            one.appliedBy(),
                            one.appliedAt()))
                .toList())
        .orPage(format, "operators/operations");
  }

  @GetMapping("/ops/operations/{name}")
  String show(@PathVariable String name, Model model) {
    var versions = operations.versions(name);
    if (versions.isEmpty()) {
      throw Problem.notFound();
    }
    model.addAttribute("versions", versions);
    model.addAttribute("recent", use.recent(name));
    return "operators/operation";
  }

  /** Applies a definition; one that cannot be used is shown again with what to change. */
  @PostMapping("/ops/operations")
  String apply(
      Caller caller,
      @RequestParam(defaultValue = "") String definition,
      Model model,
      HttpServletResponse response) {
    try {
      var applied =
          Objects.requireNonNull(
              transaction.execute(
                  status -> {
                    var operation =
                        operations.apply(
                            definition.replace("\r\n", "\n"), caller.userId().toString());
                    log.write(
                        caller,
                        "operation.applied",
                        operation.name(),
                        Map.of("version", operation.version()));
                    return operation;
                  }));
      return "redirect:/ops/operations/" + applied.name();
    } catch (BadDefinition bad) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("operations", operations.list());
      model.addAttribute("given", definition);
      model.addAttribute("fault", bad.sentence());
      return "operators/operations";
    }
  }

  @PostMapping("/ops/operations/{name}/retirement")
  String retire(Caller caller, @PathVariable String name) {
    transaction.executeWithoutResult(
        status -> {
          if (operations.retire(name)) {
            log.write(caller, "operation.retired", name, Map.of());
          }
        });
    return "redirect:/ops/operations";
  }
}
