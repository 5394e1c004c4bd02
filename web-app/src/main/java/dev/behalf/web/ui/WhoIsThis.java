package dev.behalf.web.ui;

import dev.behalf.web.accounts.SignedIn;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Who is signed in, for the head of every page. */
@ControllerAdvice(annotations = Controller.class)
class WhoIsThis {

  @ModelAttribute("email")
  @Nullable String email(@AuthenticationPrincipal @Nullable Object principal) {
    return principal instanceof SignedIn user ? user.email() : null;
  }
}
