package dev.behalf.web.site.pages;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

@Controller
class FrontPage {

  /** Who is not signed in is sent on to the sign-in page from there. */
  @GetMapping("/")
  String front() {
    return "redirect:/home";
  }
}
