package dev.behalf.web.identity.accounts;

import dev.behalf.web.site.security.Caller;
import dev.behalf.web.site.security.SignInThrottle;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Asks users who are signed in for their password again, before an action for which an unattended
 * browser is not enough. The attempts are limited like those of the sign-in.
 */
@Component
public class Reauthentication {

  private final Users users;
  private final PasswordEncoder passwords;
  private final SignInThrottle throttle;

  Reauthentication(Users users, PasswordEncoder passwords, SignInThrottle throttle) {
    this.users = users;
    this.passwords = passwords;
    this.throttle = throttle;
  }

  /**
   * Returns what is wrong with the typed text, as a message key; null if it is the password or, in
   * an account without one, the e-mail address.
   *
   * @param address network address of the browser
   */
  public @Nullable String fault(Caller caller, String typed, String address) {
    var account = caller.userId().toString();
    if (throttle.take(account, address).isPresent()) {
      return "settings.throttled";
    }
    if (!isRight(caller, typed)) {
      return "settings.confirm.wrong";
    }
    throttle.giveBack(account, address);
    return null;
  }

  private boolean isRight(Caller caller, String typed) {
    return users
        .findById(caller.userId())
        .map(
            user ->
                user.passwordHash == null
                    ? user.address().equalsIgnoreCase(typed.strip())
                    : passwords.matches(typed, user.passwordHash))
        .orElse(false);
  }
}
