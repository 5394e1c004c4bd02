package dev.behalf.web.identity.accounts;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;

/**
 * The page that the link in a mail opens.
 *
 * @param action address to which the form goes
 * @param texts prefix of its texts
 * @param address address of the mail; null if the link is not valid
 */
record LinkForm(String action, String texts, String token, @Nullable String address) {

  static LinkForm of(String action, String texts, String token, Optional<MailLinks.Link> found) {
    return new LinkForm(action, texts, token, found.map(MailLinks.Link::address).orElse(null));
  }

  /** Returns the view, with a field for a new password. */
  String show(Model model, Map<String, String> faults) {
    return show(model, faults, true);
  }

  String show(Model model, Map<String, String> faults, boolean asksPassword) {
    model.addAttribute("link", this);
    model.addAttribute("faults", faults);
    model.addAttribute("asksPassword", asksPassword);
    return "link";
  }
}
