package dev.behalf.web.accounts;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The form; Spring Security takes what it sends. */
@Controller
class SignInPage {

  @GetMapping("/signin")
  String form(
      @RequestParam @Nullable String fault,
      @RequestParam @Nullable String expired,
      @RequestParam @Nullable String signedout,
      Model model) {
    if (fault != null) {
      model.addAttribute("fault", "Address and password do not go together. Try again.");
    }
    if (expired != null) {
      model.addAttribute(
          "notice",
          "Your session has ended. Nothing was queued and nothing was charged; sign in and press the button again.");
    } else if (signedout != null) {
      model.addAttribute("notice", "You are signed out.");
    }
    return "signin";
  }
}
