package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.WireName;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.pages.Site;
import dev.behalf.web.site.preferences.ProblemMessages;
import dev.behalf.web.site.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The pages of a user's keys: the list, the form for a new key, and a page for each key. */
@Controller
@RequestMapping("/keys")
class KeysPage {

  private static final int NEWEST = 10;
  private static final int PAGE = 50;

  private final Keys keys;
  private final KeyTraffic traffic;
  private final KeyRequests requests;
  private final KeyForm.Reader forms;
  private final ProblemMessages messages;
  private final Site site;
  private final Snippets snippets;
  private final InstantSource clock;

  KeysPage(
      Keys keys,
      KeyTraffic traffic,
      KeyRequests requests,
      KeyForm.Reader forms,
      ProblemMessages messages,
      Site site,
      Snippets snippets,
      InstantSource clock) {
    this.keys = keys;
    this.traffic = traffic;
    this.requests = requests;
    this.forms = forms;
    this.messages = messages;
    this.site = site;
    this.snippets = snippets;
    this.clock = clock;
  }

  @GetMapping
  String list(Caller caller, Model model) {
    var all = keys.list(caller);
    model.addAttribute("own", all.stream().filter(key -> !key.isManaged()).toList());
    model.addAttribute("managed", all.stream().filter(KeyView::isManaged).toList());
    model.addAttribute("leaked", all.stream().filter(key -> key.leak() != null).toList());
    model.addAttribute("sparks", traffic.sparklines(caller.userId()));
    model.addAttribute("ages", new Ages(clock.instant()));
    return "keys";
  }

  @GetMapping("/new")
  String form(Model model) {
    return form(model, KeyForm.EMPTY, Map.of());
  }

  /** Issues a key. The response is the only page that ever shows its text. */
  @PostMapping
  String create(
      Caller caller,
      KeyForm form,
      Model model,
      HttpServletRequest request,
      HttpServletResponse response) {
    try {
      var issued = keys.create(caller, forms.read(form));
      model.addAttribute("secret", issued.secret());
      model.addAttribute("snippets", snippets.newKey(site.address(request), issued.secret()));
      return page(caller, model, issued.key());
    } catch (Problem problem) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return form(model, form, messages.byField(problem));
    }
  }

  @PostMapping("/revocation")
  String revokeAll(Caller caller, RedirectAttributes next) {
    next.addFlashAttribute("revoked", keys.revokeAll(caller));
    return "redirect:/keys";
  }

  @GetMapping("/{id}")
  String page(Caller caller, @PathVariable String id, Model model) {
    return page(caller, model, find(caller, id));
  }

  @GetMapping("/{id}/requests")
  String requests(
      Caller caller,
      @PathVariable String id,
      @RequestParam @Nullable String status,
      @RequestParam @Nullable Long before,
      Model model) {
    var only = WireName.find(StatusClass.class, status).orElse(null);
    var key = find(caller, id);
    var found = requests.list(caller.userId(), key.id(), only, before, PAGE);
    model.addAttribute("key", key);
    model.addAttribute("requests", found);
    model.addAttribute("classes", StatusClass.values());
    model.addAttribute("status", only == null ? "" : only.wire());
    model.addAttribute("isFirst", before == null);
    model.addAttribute("next", found.size() < PAGE ? null : found.getLast().id());
    return "key-requests";
  }

  @PostMapping("/{id}/disablement")
  String disable(Caller caller, @PathVariable String id) {
    return to(keys.disable(caller, id));
  }

  @PostMapping("/{id}/disablement/end")
  String enable(Caller caller, @PathVariable String id) {
    return to(keys.enable(caller, id));
  }

  @PostMapping("/{id}/revocation")
  String revoke(Caller caller, @PathVariable String id) {
    return to(keys.revoke(caller, id));
  }

  private KeyView find(Caller caller, String id) {
    return keys.find(caller, id).orElseThrow(Problem::notFound);
  }

  private static String to(KeyView key) {
    return "redirect:/keys/" + key.id();
  }

  private static String form(Model model, KeyForm form, Map<String, String> faults) {
    model.addAttribute("form", form);
    model.addAttribute("faults", faults);
    model.addAttribute("scopes", Scope.GRANTABLE);
    return "new-key";
  }

  private String page(Caller caller, Model model, KeyView key) {
    model.addAttribute("key", key);
    model.addAttribute("requests", requests.list(caller.userId(), key.id(), null, null, NEWEST));
    model.addAttribute(
        "days",
        traffic.days(caller.userId()).stream()
            .filter(day -> day.keyId().equals(key.id()))
            .toList());
    return "key";
  }
}
