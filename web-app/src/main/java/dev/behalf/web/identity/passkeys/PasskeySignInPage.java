package dev.behalf.web.identity.passkeys;

import dev.behalf.web.identity.accounts.Accounts;
import dev.behalf.web.site.security.SignIn;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What the sign-in page asks for when its button for passkeys is pressed. */
@Controller
@RequestMapping("/signin/passkey")
class PasskeySignInPage {

  private final Passkeys passkeys;
  private final Accounts accounts;
  private final SignIn signIn;

  PasskeySignInPage(Passkeys passkeys, Accounts accounts, SignIn signIn) {
    this.passkeys = passkeys;
    this.accounts = accounts;
    this.signIn = signIn;
  }

  @PostMapping("/options")
  ResponseEntity<String> begin(HttpSession session) {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .body(passkeys.beginSignIn(session));
  }

  @PostMapping
  void signIn(
      @RequestParam(defaultValue = "") String answer,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, ServletException {
    var user =
        answer.length() <= Passkeys.MAX_ANSWER
            ? passkeys.signIn(answer, request.getSession()).flatMap(accounts::signedIn).orElse(null)
            : null;
    if (user == null) {
      response.sendRedirect("/signin?passkey_fault");
    } else {
      signIn.begin(user, request, response);
    }
  }
}
