package dev.behalf.web.site.security;

import dev.behalf.contract.EmailAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Slows down password guessing: by account and address together and, with a higher limit, by
 * address and by account alone, so that nobody is shut out by somebody else's guesses.
 */
@Component
public class SignInThrottle {

  private static final Duration WINDOW = Duration.ofMinutes(15);
  private static final int MISSES_OF_BOTH = 10;
  private static final int MISSES_OF_ONE = 100;

  private final Throttle ofBoth = new Throttle(MISSES_OF_BOTH, WINDOW);
  private final Throttle ofOne = new Throttle(MISSES_OF_ONE, WINDOW);

  /**
   * Takes one attempt, before the password is checked: concurrent attempts count like consecutive
   * ones. Returns how long to wait if none is left.
   */
  public Optional<Duration> take(String account, String address) {
    var taken = new LinkedHashMap<String, Throttle>();
    for (var one : throttles(account, address).entrySet()) {
      var wait = one.getValue().take(one.getKey());
      if (wait.isPresent()) {
        taken.forEach((who, throttle) -> throttle.giveBack(who));
        return wait;
      }
      taken.put(one.getKey(), one.getValue());
    }
    return Optional.empty();
  }

  /** Gives an attempt back after a correct password. */
  public void giveBack(String account, String address) {
    throttles(account, address).forEach((who, throttle) -> throttle.giveBack(who));
  }

  private Map<String, Throttle> throttles(String account, String address) {
    // Normalised: otherwise each spelling of an address would have attempts of its own.
    var name = EmailAddress.normalised(account).orElse(account.strip().toLowerCase(Locale.ROOT));
    var throttles = new LinkedHashMap<String, Throttle>();
    throttles.put(name + " " + address, ofBoth);
    throttles.put("from " + address, ofOne);
    throttles.put("to " + name, ofOne);
    return throttles;
  }
}
