package dev.behalf.server.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.server.apikeys.KeyCheck.Accepted;
import dev.behalf.server.apikeys.KeyCheck.Client;
import dev.behalf.server.apikeys.KeyCheck.Reason;
import dev.behalf.server.apikeys.KeyCheck.Refused;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.server.security.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The notifications are registered and not started, so that each test sends its own. */
class ApiKeysTest {

  private static final KeyRows ROWS = new KeyRows();
  private static final Instant NOW = Instant.parse("2026-11-30T23:59:59Z");
  private static final Client CLIENT = new Client("203.0.113.9", "curl");

  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger beside = new AtomicInteger();
  private final ApiKeys keys = server(new Counted(ROWS.dataSource()));
  private final UUID ada = ROWS.user("jobs:read jobs:write ops:read");

  @Test
  void a_key_acts_for_its_user_in_its_environment() {
    var key = ROWS.key(ada, Environment.TEST, "jobs:read");
    ROWS.set(key.keyId(), "daily_cap = 7, expires_at = '2027-01-01Z', kind = 'managed'");

    var holder = accepted(key.reveal());

    assertThat(holder.userId()).isEqualTo(ada);
    assertThat(holder.keyId()).isEqualTo(key.keyId());
    assertThat(holder.environment()).isEqualTo(Environment.TEST);
    assertThat(holder.dailyCap()).isEqualTo(7);
    assertThat(holder.expiresAt()).isEqualTo("2027-01-01T00:00:00Z");
    assertThat(holder.isManaged()).isTrue();
  }

  @Test
  void a_key_has_the_scopes_that_its_user_has_too() {
    var key = ROWS.key(ada, Environment.LIVE, "jobs:write usage:read");

    assertThat(accepted(key.reveal()).scopes()).containsExactly(Scope.JOBS_WRITE);
  }

  @Test
  void a_malformed_key_is_refused_without_asking_the_database() {
    assertThat(keys.check("bh_live_nonsense", CLIENT))
        .isEqualTo(new Refused(Reason.MALFORMED, null, null, null, CLIENT));
    assertThat(connections).hasValue(0);
  }

  @Test
  void an_unknown_key_is_refused_and_asked_for_once() {
    var key = ApiKeyFormat.generate(Environment.LIVE);

    for (int i = 0; i < 20; i++) {
      assertThat(keys.check(key.reveal(), CLIENT))
          .isEqualTo(new Refused(Reason.UNKNOWN, Environment.LIVE, key.keyId(), null, CLIENT));
    }

    assertThat(connections).as("reads of 20 checks").hasValueLessThan(5);
  }

  @Test
  void a_key_that_is_presented_for_the_other_environment_is_unknown() {
    var key = ROWS.key(ada, Environment.TEST, "jobs:read");
    var asLive = new ApiKeyFormat(Environment.LIVE, key.keyId(), key.secret());

    assertThat(reason(asLive.reveal())).isEqualTo(Reason.UNKNOWN);
  }

  @Test
  void a_wrong_secret_does_not_tell_whose_key_it_is() {
    var key = ROWS.key(ada, Environment.LIVE, "jobs:read");
    var guess = new ApiKeyFormat(Environment.LIVE, key.keyId(), "x".repeat(32));

    assertThat(keys.check(guess.reveal(), CLIENT))
        .isEqualTo(new Refused(Reason.WRONG_SECRET, Environment.LIVE, key.keyId(), null, CLIENT));
  }

  @Test
  void a_wrong_secret_does_not_tell_that_the_key_is_revoked() {
    var key = ROWS.key(ada, Environment.LIVE, "jobs:read");
    ROWS.set(key.keyId(), "revoked_at = now()");
    var guess = new ApiKeyFormat(Environment.LIVE, key.keyId(), "x".repeat(32));

    assertThat(reason(guess.reveal())).isEqualTo(Reason.WRONG_SECRET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "expires_at = '2026-11-30T23:59:59Z'    | EXPIRED",
        "disabled_at = '2026-11-30T23:59:59Z'   | DISABLED",
        "overlap_until = '2026-11-30T23:59:59Z' | ROTATED",
        "revoked_at = '2026-11-30T23:59:59Z'    | REVOKED",
        "networks = '192.0.2.0/24 10.0.0.0/8'   | ADDRESS"
      })
  void the_right_secret_of_a_key_that_may_not_be_used_tells_its_owner_why(
      String state, Reason reason) {
    var key = ROWS.key(ada, Environment.LIVE, "jobs:read");
    ROWS.set(key.keyId(), state);

    assertThat(keys.check(key.reveal(), CLIENT))
        .isEqualTo(new Refused(reason, Environment.LIVE, key.keyId(), ada, CLIENT));
  }

  @Test
  void a_key_that_is_used_often_is_read_rarely() {
    var key = ROWS.key(ada, Environment.LIVE, "jobs:read");

    for (int i = 0; i < 50; i++) {
      accepted(key.reveal());
    }

    assertThat(connections).as("reads of 50 checks").hasValueLessThan(10);
  }

  @Test
  void a_cached_key_expires_on_time() {
    var clock = new AtomicInteger();
    var server = server(ROWS.dataSource(), () -> NOW.plusSeconds(clock.get()));
    var key = ROWS.key(ada, Environment.LIVE, "jobs:read");
    ROWS.set(key.keyId(), "expires_at = '2026-12-01T00:00:00Z'");
    assertThat(server.check(key.reveal(), CLIENT)).isInstanceOf(Accepted.class);

    clock.set(1);

    assertThat(server.check(key.reveal(), CLIENT))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.EXPIRED));
  }

  @Test
  void the_address_is_checked_for_each_request_and_not_cached() {
    var key = ROWS.key(ada, Environment.LIVE, "jobs:read");
    ROWS.set(key.keyId(), "networks = '192.0.2.0/24'");
    assertThat(keys.check(key.reveal(), new Client("192.0.2.1", "curl")))
        .isInstanceOf(Accepted.class);

    assertThat(reason(key.reveal())).isEqualTo(Reason.ADDRESS);
  }

  @Test
  void a_notification_makes_a_change_effective_at_once() {
    var key = ROWS.key(ada, Environment.LIVE, "jobs:read");
    accepted(key.reveal());
    ROWS.set(key.keyId(), "revoked_at = now()");

    keys.received(key.keyId());

    assertThat(reason(key.reveal())).isEqualTo(Reason.REVOKED);
  }

  @Test
  void a_notification_makes_a_new_key_known_even_if_it_was_asked_for_before() {
    var key = ApiKeyFormat.generate(Environment.LIVE);
    assertThat(reason(key.reveal())).isEqualTo(Reason.UNKNOWN);
    ROWS.add(ada, key, "jobs:read");

    keys.received(key.keyId());

    accepted(key.reveal());
  }

  @Test
  void after_a_gap_in_the_notifications_nothing_cached_is_trusted() {
    var one = ROWS.key(ada, Environment.LIVE, "jobs:read");
    var two = ROWS.key(ada, Environment.LIVE, "jobs:read");
    accepted(one.reveal());
    accepted(two.reveal());
    ROWS.set(one.keyId(), "revoked_at = now()");
    ROWS.set(two.keyId(), "revoked_at = now()");

    keys.resumed();

    assertThat(reason(one.reveal())).isEqualTo(Reason.REVOKED);
    assertThat(reason(two.reveal())).isEqualTo(Reason.REVOKED);
  }

  @Test
  void a_revoked_key_is_refused_within_a_second_even_if_the_notification_is_lost() {
    var key = ROWS.key(ada, Environment.LIVE, "jobs:read");
    accepted(key.reveal());
    ROWS.set(key.keyId(), "revoked_at = now()");

    assertThat(ApiKeys.MAX_AGE).isLessThan(Duration.ofSeconds(1));
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(reason(key.reveal())).isEqualTo(Reason.REVOKED));
  }

  @Test
  void requests_wait_for_no_read_of_a_key_in_steady_use() {
    var key = ROWS.key(ada, Environment.LIVE, "jobs:read");

    await()
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> {
              accepted(key.reveal());
              assertThat(beside).as("reads beside the requests").hasValueGreaterThan(3);
            });

    assertThat(connections).as("reads in requests").hasValueLessThan(beside.get());
  }

  @Test
  void a_scope_that_the_user_loses_is_lost_by_the_key() {
    var key = ROWS.key(ada, Environment.LIVE, "jobs:read jobs:write");
    accepted(key.reveal());
    ROWS.sql.sql("update accounts.users set scopes = 'jobs:read' where id = ?").param(ada).update();

    keys.received(key.keyId());

    assertThat(accepted(key.reveal()).scopes()).containsExactly(Scope.JOBS_READ);
  }

  @Test
  void an_imported_key_gets_a_peppered_hash_when_it_is_first_accepted_and_still_works() {
    var key = imported();

    accepted(key);

    assertThat(scheme(key)).isEqualTo("hmac");
    accepted(key);
  }

  @Test
  void a_server_that_still_knows_the_imported_hash_accepts_the_key_and_changes_nothing() {
    var key = imported();
    var other = server(ROWS.dataSource());
    var disabled = "disabled_at = '2026-11-01Z'";
    ROWS.set(id(key), disabled);
    other.check(key, CLIENT);
    ROWS.set(id(key), "disabled_at = null");
    accepted(key);
    var hash = hash(key);

    other.received(id(key));
    assertThat(other.check(key, CLIENT)).isInstanceOf(Accepted.class);

    assertThat(hash(key)).isEqualTo(hash);
  }

  @Test
  void an_imported_key_that_is_refused_keeps_its_hash() {
    var key = imported();
    ROWS.set(id(key), "expires_at = '2026-11-01Z'");

    assertThat(reason(key)).isEqualTo(Reason.EXPIRED);

    assertThat(scheme(key)).isEqualTo("sha512");
  }

  @Test
  void a_guess_at_an_imported_key_is_refused_and_keeps_its_hash() {
    var key = imported();
    var guess = id(key) + "." + "x".repeat(32);

    assertThat(reason(guess)).isEqualTo(Reason.WRONG_SECRET);

    assertThat(scheme(key)).isEqualTo("sha512");
  }

  @Test
  void a_leaked_key_is_identified_whatever_its_state() {
    var key = ROWS.key(ada, Environment.LIVE, "jobs:read");
    ROWS.set(key.keyId(), "revoked_at = now()");

    assertThat(keys.identify(key.reveal())).hasValue(new ApiKeys.Identity(ada, key.keyId()));
  }

  @Test
  void a_report_with_a_wrong_secret_identifies_no_key() {
    var key = ROWS.key(ada, Environment.LIVE, "jobs:read");

    assertThat(
            keys.identify(new ApiKeyFormat(Environment.LIVE, key.keyId(), "x".repeat(32)).reveal()))
        .isEmpty();
    assertThat(keys.identify("nonsense")).isEmpty();
    assertThat(keys.identify(ApiKeyFormat.generate(Environment.LIVE).reveal())).isEmpty();
  }

  private KeyHolder accepted(String key) {
    var check = keys.check(key, CLIENT);
    assertThat(check).isInstanceOf(Accepted.class);
    return ((Accepted) check).holder();
  }

  private Reason reason(String key) {
    var check = keys.check(key, CLIENT);
    assertThat(check).isInstanceOf(Refused.class);
    return ((Refused) check).reason();
  }

  /** Adds a key as djangorestframework-api-key 3 stores it. */
  private String imported() {
    var keyId = UUID.randomUUID().toString().substring(0, 8);
    var key = keyId + "." + "a".repeat(32);
    ROWS.insert(ada, keyId, Environment.LIVE, "jobs:read", "sha512", "", sha512(key));
    return key;
  }

  private static String sha512(String key) {
    try {
      var digest = MessageDigest.getInstance("SHA-512");
      return "sha512$$"
          + HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String id(String imported) {
    return imported.substring(0, 8);
  }

  private static String scheme(String imported) {
    return ROWS.text("select hash_scheme from accounts.api_keys where key_id = ?", id(imported));
  }

  private static String hash(String imported) {
    return ROWS.text("select hash from accounts.api_keys where key_id = ?", id(imported));
  }

  private static ApiKeys server(DataSource dataSource) {
    return server(dataSource, () -> NOW);
  }

  private static ApiKeys server(DataSource dataSource, InstantSource clock) {
    var database = JdbcClient.create(dataSource);
    return new ApiKeys(database, silent(database), KeyRows.HASHER, clock);
  }

  /** Only Spring can call the constructor of notifications. */
  static Notifications silent(JdbcClient database) {
    var beans = new DefaultListableBeanFactory();
    beans.registerSingleton("database", database);
    beans.registerSingleton(
        "server",
        new JdbcConnectionDetails() {
          @Override
          public String getUsername() {
            return "";
          }

          @Override
          public String getPassword() {
            return "";
          }

          @Override
          public String getJdbcUrl() {
            return "";
          }
        });
    return (Notifications)
        beans.autowire(Notifications.class, AutowireCapableBeanFactory.AUTOWIRE_CONSTRUCTOR, false);
  }

  private final class Counted extends DelegatingDataSource {

    Counted(DataSource target) {
      super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
      (Thread.currentThread().getName().equals("keys") ? beside : connections).incrementAndGet();
      return super.getConnection();
    }
  }
}
