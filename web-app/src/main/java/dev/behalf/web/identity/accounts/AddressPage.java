package dev.behalf.web.identity.accounts;

import dev.behalf.web.site.security.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page that the link to a new address opens. */
@Controller
@RequestMapping("/address/link")
class AddressPage {

  private final AddressChanges changes;
  private final MailLinks links;

  AddressPage(AddressChanges changes, MailLinks links) {
    this.changes = changes;
    this.links = links;
  }

  @GetMapping
  String link(@RequestParam(defaultValue = "") String token, Model model) {
    return link(model, token, Map.of());
  }

  @PostMapping
  String confirm(
      Caller caller,
      @RequestParam(defaultValue = "") String token,
      Model model,
      HttpServletResponse response) {
    var fault = changes.confirm(caller, token);
    if (fault != null) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      return link(model, token, Map.of("token", fault));
    }
    return "redirect:/signin?confirmed";
  }

  private String link(Model model, String token, Map<String, String> faults) {
    return LinkForm.of(
            "/address/link", "address.link.", token, links.find(token, AddressChanges.LINKS))
        .show(model, faults, false);
  }
}
