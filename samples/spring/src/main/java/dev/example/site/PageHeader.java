package dev.example.site;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Gives each page the person whose name its header shows. */
@ControllerAdvice
class PageHeader {

  @ModelAttribute("person")
  @Nullable Person person(@AuthenticationPrincipal @Nullable Person person) {
    return person;
  }
}
