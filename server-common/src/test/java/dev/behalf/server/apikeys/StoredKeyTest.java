package dev.behalf.server.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import dev.behalf.server.apikeys.KeyCheck.Reason;
import dev.behalf.server.security.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

class StoredKeyTest {

  private static final Instant NOW = Instant.parse("2026-11-30T23:59:59.5Z");
  private static final Instant PAST = NOW.minusSeconds(1);
  private static final Instant FUTURE = NOW.plusSeconds(1);
  private static final @Nullable Instant NEVER = null;

  @Test
  void a_key_without_an_end_or_a_network_is_accepted_from_anywhere() {
    assertThat(key(NEVER, NEVER, NEVER, NEVER).refusal(NOW, "203.0.113.9")).isEmpty();
  }

  @Test
  void a_key_works_until_the_instant_at_which_it_expires() {
    var key = key(NOW, NEVER, NEVER, NEVER);

    assertThat(key.refusal(NOW.minusNanos(1), "203.0.113.9")).isEmpty();
    assertThat(key.refusal(NOW, "203.0.113.9")).hasValue(Reason.EXPIRED);
    assertThat(key.refusal(NOW.plus(Duration.ofDays(400)), "203.0.113.9")).hasValue(Reason.EXPIRED);
  }

  @Test
  void a_rotated_key_works_until_the_instant_at_which_its_grace_period_ends() {
    var key = key(NEVER, NEVER, NOW, NEVER);

    assertThat(key.refusal(NOW.minusNanos(1), "203.0.113.9")).isEmpty();
    assertThat(key.refusal(NOW, "203.0.113.9")).hasValue(Reason.ROTATED);
  }

  @Test
  void a_revoked_key_is_refused_even_if_the_clock_of_the_revoking_server_is_ahead() {
    assertThat(key(NEVER, NEVER, NEVER, FUTURE).refusal(NOW, "203.0.113.9"))
        .hasValue(Reason.REVOKED);
  }

  @Test
  void a_disabled_key_is_refused_even_if_the_clock_of_the_disabling_server_is_ahead() {
    assertThat(key(NEVER, FUTURE, NEVER, NEVER).refusal(NOW, "203.0.113.9"))
        .hasValue(Reason.DISABLED);
  }

  @ParameterizedTest(name = "expired {0}, disabled {1}, rotated {2}, revoked {3}: {4}")
  @CsvSource({
    "true,  true,  true,  true,  REVOKED",
    "false, false, true,  true,  REVOKED",
    "true,  false, false, true,  REVOKED",
    "true,  true,  true,  false, ROTATED",
    "true,  false, true,  false, ROTATED",
    "true,  true,  false, false, DISABLED",
    "true,  false, false, false, EXPIRED",
    "false, false, false, false, ADDRESS"
  })
  void the_owner_is_told_the_most_final_of_several_reasons(
      boolean expired, boolean disabled, boolean rotated, boolean revoked, Reason told) {
    var key =
        key(
            expired ? PAST : FUTURE,
            disabled ? PAST : NEVER,
            rotated ? PAST : FUTURE,
            revoked ? PAST : NEVER,
            "10.0.0.0/8");

    assertThat(key.refusal(NOW, "203.0.113.9")).hasValue(told);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.0",
        "192.0.2.255",
        "198.51.100.7",
        "2001:db8::1",
        "2001:DB8:0:0:ffff::1",
        "::ffff:192.0.2.1"
      })
  void an_address_of_any_of_the_networks_is_accepted(String address) {
    assertThat(restricted().refusal(NOW, address)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.1.255",
        "192.0.3.0",
        "198.51.100.6",
        "198.51.100.8",
        "2001:db9::1",
        "::1",
        "::",
        "::192.0.2.1"
      })
  void an_address_just_outside_is_refused(String address) {
    assertThat(restricted().refusal(NOW, address)).hasValue(Reason.ADDRESS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown", "_hidden", "203.0.113.9:1234", "", "fe80::1%lo"})
  void what_is_no_address_is_refused(String address) {
    assertThat(restricted().refusal(NOW, address)).hasValue(Reason.ADDRESS);
  }

  @ParameterizedTest(name = "expires {0}, grace period until {1}: {2}")
  @CsvSource({
    ",                     ,                     ",
    "2027-01-01T00:00:00Z, ,                     2027-01-01T00:00:00Z",
    ",                     2027-02-01T00:00:00Z, 2027-02-01T00:00:00Z",
    "2027-01-01T00:00:00Z, 2027-02-01T00:00:00Z, 2027-01-01T00:00:00Z",
    "2027-02-01T00:00:00Z, 2027-01-01T00:00:00Z, 2027-01-01T00:00:00Z",
    "2027-01-01T00:00:00Z, 2027-01-01T00:00:00Z, 2027-01-01T00:00:00Z"
  })
  void what_a_key_issues_must_end_with_its_expiry_or_its_grace_period(
      @Nullable Instant expires, @Nullable Instant grace, @Nullable Instant end) {
    assertThat(key(expires, NEVER, grace, NEVER).holder().expiresAt()).isEqualTo(end);
  }

  private static StoredKey restricted() {
    return key(NEVER, NEVER, NEVER, NEVER, "192.0.2.0/24", "198.51.100.7", "2001:db8::/32");
  }

  private static StoredKey key(
      @Nullable Instant expires,
      @Nullable Instant disabled,
      @Nullable Instant overlapUntil,
      @Nullable Instant revoked,
      String... networks) {
    return new StoredKey(
        UUID.randomUUID(),
        "key000000000",
        Environment.LIVE,
        false,
        new SecretHash.Peppered("1", ""),
        Set.of(Scope.JOBS_READ),
        Arrays.stream(networks).map(IpAddressMatcher::new).toList(),
        null,
        expires,
        disabled,
        overlapUntil,
        revoked);
  }
}
