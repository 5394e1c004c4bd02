package dev.behalf.web.site.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignInThrottleTest {

  private static final String ADA = "ada@example.com";
  private static final String HOME = "192.0.2.1";

  private final SignInThrottle throttle = new SignInThrottle();

  @Test
  void the_eleventh_attempt_on_an_account_from_an_address_waits() {
    assertThat(taken(20, ADA, HOME)).isEqualTo(10);
  }

  @Test
  void the_owner_elsewhere_is_not_shut_out_by_it() {
    taken(1_000, ADA, HOME);

    assertThat(throttle.take(ADA, "192.0.2.2")).isEmpty();
    assertThat(throttle.take("bob@example.com", HOME)).isEmpty();
  }

  @Test
  void an_address_has_a_hundred_attempts_on_any_accounts() {
    int taken = 0;
    for (int i = 0; i < 150; i++) {
      taken += taken(1, "user" + i + "@example.com", HOME);
    }

    assertThat(taken).isEqualTo(100);
  }

  @Test
  void an_account_has_a_hundred_attempts_from_any_addresses() {
    int taken = 0;
    for (int i = 0; i < 150; i++) {
      taken += taken(1, ADA, "192.0.2." + i);
    }

    assertThat(taken).isEqualTo(100);
  }

  @Test
  void a_refused_attempt_costs_neither_the_pair_nor_the_address() {
    for (int i = 0; i < 100; i++) {
      taken(1, ADA, "192.0.2." + i);
    }
    taken(50, ADA, "198.51.100.1");

    int taken = 0;
    for (int i = 0; i < 150; i++) {
      taken += taken(1, "user" + i + "@example.com", "198.51.100.1");
    }
    assertThat(taken).isEqualTo(100);
  }

  @Test
  void correct_passwords_cost_nothing() {
    for (int i = 0; i < 200; i++) {
      assertThat(throttle.take(ADA, HOME)).as("sign-in %d", i).isEmpty();
      throttle.giveBack(ADA, HOME);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ADA@Example.COM", "  ada@example.com ", "ada@example.com\u200b"})
  void another_spelling_is_the_same_account(String spelling) {
    taken(10, ADA, HOME);

    assertThat(throttle.take(spelling, HOME)).isPresent();
  }

  private int taken(int attempts, String account, String address) {
    int taken = 0;
    for (int i = 0; i < attempts; i++) {
      taken += throttle.take(account, address).isEmpty() ? 1 : 0;
    }
    return taken;
  }
}
