package dev.behalf.web.work.bulk;

import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.bulk.BulkAction.Action;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of a bulk action: its preview with the number of jobs, its start and its progress. */
@Controller
@RequestMapping("/jobs/bulk")
class BulkActionsPage {

  private final BulkActions actions;

  BulkActionsPage(BulkActions actions) {
    this.actions = actions;
  }

  @GetMapping("/new")
  String preview(
      Caller caller,
      Environment environment,
      @RequestParam String action,
      @RequestParam(defaultValue = "") String q,
      Model model) {
    var wanted = Action.of(action).orElseThrow(Problem::notFound);
    model.addAttribute("action", wanted.wire());
    model.addAttribute("q", q.strip());
    model.addAttribute("preview", actions.preview(caller.userId(), environment, wanted, q));
    return "new-bulk-action";
  }

  @PostMapping
  String begin(
      Caller caller,
      Environment environment,
      @RequestParam String action,
      @RequestParam(defaultValue = "") String q) {
    var wanted = Action.of(action).orElseThrow(Problem::notFound);
    return "redirect:/jobs/bulk/" + actions.begin(caller.userId(), environment, wanted, q);
  }

  @GetMapping("/{id}")
  String page(Caller caller, @PathVariable UUID id, Model model) {
    show(caller, id, model);
    return "bulk-action";
  }

  /** Returns the part of the page that changes. */
  @GetMapping("/{id}/progress")
  String progress(Caller caller, @PathVariable UUID id, Model model) {
    show(caller, id, model);
    return "fragments/bulk-action :: progress";
  }

  private void show(Caller caller, UUID id, Model model) {
    model.addAttribute("bulk", actions.find(caller.userId(), id).orElseThrow(Problem::notFound));
  }
}
