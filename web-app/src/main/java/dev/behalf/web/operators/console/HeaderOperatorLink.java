package dev.behalf.web.operators.console;

import dev.behalf.server.security.RequestPrincipal;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.security.Permissions;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Adds to every page's model whether its header links to the operators' console. */
@ControllerAdvice(annotations = Controller.class)
class HeaderOperatorLink {

  private final Permissions permissions;

  HeaderOperatorLink(Permissions permissions) {
    this.permissions = permissions;
  }

  @ModelAttribute("observes")
  boolean observes(@AuthenticationPrincipal @Nullable Object principal) {
    return principal instanceof RequestPrincipal user
        && permissions.reach(user).contains(Scope.OPS_READ);
  }

  @ModelAttribute("operates")
  boolean operates(@AuthenticationPrincipal @Nullable Object principal) {
    return principal instanceof RequestPrincipal user
        && permissions.reach(user).contains(Scope.OPS_WRITE);
  }
}
