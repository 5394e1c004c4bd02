package dev.behalf.web.identity.accounts;

import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.security.Caller;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The activity page: the user's audit log, newest entries first. */
@Controller
class ActivityPage {

  private static final int SHOWN = 50;

  private final AuditLog audit;

  ActivityPage(AuditLog audit) {
    this.audit = audit;
  }

  @GetMapping("/activity")
  String page(Caller caller, @RequestParam @Nullable Long before, Model model) {
    var entries = audit.list(caller.userId(), null, before, SHOWN);
    model.addAttribute("entries", entries);
    model.addAttribute("next", entries.size() < SHOWN ? null : entries.getLast().id());
    return "activity";
  }
}
