package dev.behalf.web.identity.apikeys;

import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.pages.Site;
import dev.behalf.web.site.preferences.ProblemMessages;
import dev.behalf.web.site.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The pages of a user's keys: the list with the form for a new key, and a page for each key. */
@Controller
@RequestMapping("/keys")
class KeysPage {

  private final Keys keys;
  private final KeyTraffic traffic;
  private final KeyForm.Reader forms;
  private final ProblemMessages messages;
  private final Site site;
  private final Snippets snippets;

  KeysPage(
      Keys keys,
      KeyTraffic traffic,
      KeyForm.Reader forms,
      ProblemMessages messages,
      Site site,
      Snippets snippets) {
    this.keys = keys;
    this.traffic = traffic;
    this.forms = forms;
    this.messages = messages;
    this.site = site;
    this.snippets = snippets;
  }

  @GetMapping
  String list(Caller caller, Model model) {
    return list(caller, model, KeyForm.EMPTY, Map.of());
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
      return list(caller, model, form, messages.byField(problem));
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

  private String list(Caller caller, Model model, KeyForm form, Map<String, String> faults) {
    model.addAttribute("keys", keys.list(caller));
    model.addAttribute("form", form);
    model.addAttribute("faults", faults);
    model.addAttribute("scopes", Scope.GRANTABLE);
    return "keys";
  }

  private String page(Caller caller, Model model, KeyView key) {
    model.addAttribute("key", key);
    model.addAttribute(
        "days",
        traffic.days(caller.userId()).stream()
            .filter(day -> day.keyId().equals(key.id()))
            .toList());
    return "key";
  }
}
