package dev.behalf.web.accounts;

import dev.behalf.contract.Environment;
import dev.behalf.web.UuidV7;
import dev.behalf.web.keys.ManagedKeys;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** People and their passwords. An account comes with its keys, or not at all. */
@Component
public class Accounts implements UserDetailsService {

  private static final Pattern EMAIL =
      Pattern.compile("[^\\s@\\p{Cntrl}]+@[^\\s@\\p{Cntrl}]+\\.[^\\s@\\p{Cntrl}]+");

  private final Users users;
  private final ManagedKeys keys;
  private final PasswordEncoder passwords;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  Accounts(
      Users users,
      ManagedKeys keys,
      PasswordEncoder passwords,
      TransactionTemplate transaction,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.users = users;
    this.keys = keys;
    this.passwords = passwords;
    this.transaction = transaction;
    this.events = events;
    this.clock = clock;
  }

  /** Somebody has signed up. */
  public record SignedUp() {}

  sealed interface SignUp {}

  record Welcome(SignedIn user) implements SignUp {}

  /** What to change, by form field. */
  record Faults(Map<String, String> byField) implements SignUp {}

  SignUp signUp(String givenEmail, String password) {
    var email = givenEmail.strip().toLowerCase(Locale.ROOT);
    var faults = faults(email, password);
    if (!faults.isEmpty()) {
      return new Faults(faults);
    }
    var hash = passwords.encode(password);
    var user =
        new User(UuidV7.at(clock.instant()), email, hash == null ? "" : hash, clock.instant());
    try {
      transaction.executeWithoutResult(status -> store(user));
    } catch (DataIntegrityViolationException takenMeanwhile) {
      return new Faults(Map.of("email", "There is an account with this address: sign in."));
    }
    events.publishEvent(new SignedUp());
    return new Welcome(new SignedIn(user.id, user.email, null));
  }

  private void store(User user) {
    users.save(user);
    keys.issue(user.id, Environment.LIVE);
    keys.issue(user.id, Environment.TEST);
  }

  private Map<String, String> faults(String email, String password) {
    var faults = new LinkedHashMap<String, String>();
    if (email.length() > 254 || !EMAIL.matcher(email).matches()) {
      faults.put("email", "Give an e-mail address, such as ada@example.com.");
    } else if (users.existsByEmail(email)) {
      faults.put("email", "There is an account with this address: sign in.");
    }
    if (password.length() < 12 || password.length() > 128) {
      faults.put("password", "Choose a password of 12 to 128 characters.");
    }
    return faults;
  }

  @Override
  public SignedIn loadUserByUsername(String email) {
    return users
        .findByEmail(email.strip().toLowerCase(Locale.ROOT))
        .map(user -> new SignedIn(user.id, user.email, user.passwordHash))
        .orElseThrow(() -> new UsernameNotFoundException("There is no such account."));
  }
}
