package dev.behalf.web.work.dispatch;

import dev.behalf.contract.Environment;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.dispatch.Pauses.By;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** The buttons on the list of jobs that pause and resume the user's own jobs. */
@Controller
@RequestMapping("/jobs/pauses")
class PausesPage {

  private final Pauses pauses;

  PausesPage(Pauses pauses) {
    this.pauses = pauses;
  }

  @PostMapping
  String pause(Caller caller, Environment mode) {
    pauses.pause(mode, caller.userId(), By.USER);
    return "redirect:/jobs";
  }

  @PostMapping("/end")
  String resume(Caller caller, Environment mode) {
    pauses.resume(mode, caller.userId(), By.USER);
    return "redirect:/jobs";
  }
}
