package dev.behalf.web.site.pages;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** The site's root address. */
@Controller
class FrontPage {

  /** Redirects to the home page, which sends visitors without a session on to the sign-in page. */
  @GetMapping("/")
  String front() {
    return "redirect:/home";
  }
}
