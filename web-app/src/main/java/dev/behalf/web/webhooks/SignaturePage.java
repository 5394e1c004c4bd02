package dev.behalf.web.webhooks;

import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Checks a pasted signature. The page stores nothing and does not show the secret again. */
@Controller
@RequestMapping("/webhooks/try")
class SignaturePage {

  private final InstantSource clock;

  SignaturePage(InstantSource clock) {
    this.clock = clock;
  }

  record Form(@Nullable String payload, @Nullable String headers, @Nullable String secret) {}

  @GetMapping
  String form(Model model) {
    model.addAttribute("form", new Form("", "", ""));
    return "webhooks-try";
  }

  @PostMapping
  String check(Form form, Model model) {
    model.addAttribute("form", form);
    model.addAttribute(
        "result",
        SignatureCheck.check(
            Objects.requireNonNullElse(form.payload(), ""),
            Objects.requireNonNullElse(form.headers(), ""),
            Objects.requireNonNullElse(form.secret(), ""),
            clock.instant()));
    return "webhooks-try";
  }
}
