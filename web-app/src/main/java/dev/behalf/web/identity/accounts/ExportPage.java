package dev.behalf.web.identity.accounts;

import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.archive.Archive;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The download of everything that is stored about a user, after the password is typed again. */
@Controller
@RequestMapping("/settings/archive")
class ExportPage {

  private static final String CONFIRMED_AT = "behalf.archive_confirmed_at";
  private static final Duration VALID = Duration.ofMinutes(10);

  private final Reauthentication reauthentication;
  private final Archive archive;
  private final AuditLog audit;
  private final TransactionTemplate transaction;
  private final InstantSource clock;

  ExportPage(
      Reauthentication reauthentication,
      Archive archive,
      AuditLog audit,
      TransactionTemplate transaction,
      InstantSource clock) {
    this.reauthentication = reauthentication;
    this.archive = archive;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** Confirms the download; it begins by itself, since the answer leads to it. */
  @PostMapping
  String confirm(
      Caller caller,
      @RequestParam(defaultValue = "") String password,
      HttpServletRequest request,
      RedirectAttributes after) {
    var fault = reauthentication.fault(caller, password, request.getRemoteAddr());
    if (fault != null) {
      after.addFlashAttribute("archiveFault", fault);
      return "redirect:/settings";
    }
    request.getSession().setAttribute(CONFIRMED_AT, clock.millis());
    return "redirect:/settings/archive";
  }

  @GetMapping
  void download(Caller caller, HttpSession session, HttpServletResponse response)
      throws IOException {
    if (!(session.getAttribute(CONFIRMED_AT) instanceof Long at)
        || clock.millis() - at > VALID.toMillis()) {
      response.sendRedirect("/settings");
      return;
    }
    transaction.executeWithoutResult(
        status -> audit.write(caller.userId(), caller.actor(), "account.archived", null, Map.of()));
    response.setContentType("application/zip");
    response.setHeader("Content-Disposition", "attachment; filename=\"behalf.zip\"");
    response.setHeader("Cache-Control", "no-store");
    try {
      archive.write(caller.userId(), response.getOutputStream());
    } catch (Problem another) {
      // Said on a page, not in a file.
      response.reset();
      throw another;
    }
  }
}
