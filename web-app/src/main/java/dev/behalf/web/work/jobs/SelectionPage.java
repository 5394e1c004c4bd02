package dev.behalf.web.work.jobs;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Caller;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Retries or cancels the jobs that were selected in the list. */
@Controller
@RequestMapping("/jobs/selection")
class SelectionPage {

  private static final Set<ProblemCode> SKIPPED =
      EnumSet.of(ProblemCode.NOT_FOUND, ProblemCode.JOB_ENDED, ProblemCode.JOB_NOT_FAILED);

  private final Retries retries;
  private final Cancellations cancellations;

  SelectionPage(Retries retries, Cancellations cancellations) {
    this.retries = retries;
    this.cancellations = cancellations;
  }

  @PostMapping("/retry")
  String retry(
      Caller caller,
      @RequestParam(name = "id", defaultValue = "") List<UUID> ids,
      @RequestParam(defaultValue = "") String q,
      RedirectAttributes result) {
    return each(
        ids,
        id -> retries.retry(caller.userId(), id, caller.keyId(), caller.actor().credential()),
        "retried",
        q,
        result);
  }

  @PostMapping("/cancellation")
  String cancel(
      Caller caller,
      @RequestParam(name = "id", defaultValue = "") List<UUID> ids,
      @RequestParam(defaultValue = "") String q,
      RedirectAttributes result) {
    return each(ids, id -> cancellations.cancel(caller.userId(), id), "cancelled", q, result);
  }

  /** Skips the jobs whose state does not allow the action; the list says how many these are. */
  private static String each(
      List<UUID> ids, Consumer<UUID> action, String done, String q, RedirectAttributes result) {
    int count = 0;
    var some = ids.stream().distinct().limit(JobsPage.SHOWN).toList();
    for (var id : some) {
      try {
        action.accept(id);
        count++;
      } catch (Problem refused) {
        // The list shows a skipped job as it is now. Any other refusal would hit the next one, too.
        if (!SKIPPED.contains(refused.code())) {
          throw refused;
        }
      }
    }
    result.addAttribute(done, count);
    result.addAttribute("skipped", some.size() - count);
    if (!q.isBlank()) {
      result.addAttribute("q", q);
    }
    return "redirect:/jobs";
  }
}
