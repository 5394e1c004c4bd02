package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.Environment;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.pages.Site;
import dev.behalf.web.site.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** The quick start: a first API call within a minute. */
@Controller
@RequestMapping("/docs")
class DocsPage {

  private static final Duration KEY_AGE = Duration.ofDays(1);

  private final Keys keys;
  private final Snippets snippets;
  private final Site site;
  private final InstantSource clock;

  DocsPage(Keys keys, Snippets snippets, Site site, InstantSource clock) {
    this.keys = keys;
    this.snippets = snippets;
    this.site = site;
    this.clock = clock;
  }

  @GetMapping
  String page(HttpServletRequest request, Model model) {
    model.addAttribute("snippets", snippets.firstCall(site.address(request), Snippets.NO_KEY));
    return "docs";
  }

  /**
   * Issues a test key for the reader and shows the snippets with it. Only this response shows the
   * secret.
   */
  @PostMapping
  String withKey(Caller caller, HttpServletRequest request, Model model) {
    var scopes =
        Scope.both(
            EnumSet.of(Scope.JOBS_READ, Scope.JOBS_WRITE, Scope.USAGE_READ), caller.scopes());
    var issued =
        keys.create(
            caller,
            new NewKey(
                "First steps",
                Environment.TEST,
                scopes,
                clock.instant().plus(KEY_AGE),
                List.of(),
                null));
    model.addAttribute("issued", issued.key());
    model.addAttribute("snippets", snippets.firstCall(site.address(request), issued.secret()));
    return "docs";
  }
}
