package dev.behalf.web.operators.console;

import dev.behalf.server.security.Scope;
import dev.behalf.web.site.mail.MailServer;
import dev.behalf.web.site.mail.Outbox;
import dev.behalf.web.site.security.Caller;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * The page of the newest mails. Without a mail server it shows their texts for a day, to be passed
 * on. The links in them open accounts: only operators who may change accounts see the texts.
 */
@Controller
class MailsPage {

  private static final int SHOWN = 50;

  private final Outbox outbox;
  private final MailServer server;

  MailsPage(Outbox outbox, MailServer server) {
    this.outbox = outbox;
    this.server = server;
  }

  @GetMapping("/ops/mails")
  String page(Caller caller, Model model) {
    model.addAttribute("readable", caller.scopes().contains(Scope.OPS_WRITE));
    model.addAttribute("mails", outbox.newest(SHOWN));
    model.addAttribute("configured", server.isConfigured());
    return "operators/mails";
  }
}
