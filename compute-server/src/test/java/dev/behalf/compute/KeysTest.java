package dev.behalf.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KeysTest extends ComputeTest {

  private static final String ECHO = "{\"operation\":\"echo\",\"text\":\"hi\"}";

  private final UUID user = newUser();

  @Test
  void a_change_is_heard_at_once() throws Exception {
    var key = newKey(user, Environment.LIVE, "jobs:read");
    assertThat(get(key, "/v1/me").statusCode()).isEqualTo(200);

    sql("update accounts.api_keys set revoked_at = now() where key_id = '" + id(key) + "'");

    await()
        .atMost(Duration.ofMillis(300))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> get(key, "/v1/me").statusCode() == 401);
  }

  @Test
  void a_change_is_known_within_a_second_also_where_the_notification_is_lost() throws Exception {
    var key = newKey(user, Environment.LIVE, "jobs:read");
    assertThat(get(key, "/v1/me").statusCode()).isEqualTo(200);

    sql("alter table accounts.api_keys disable trigger tell_changed");
    sql("update accounts.api_keys set revoked_at = now() where key_id = '" + id(key) + "'");
    sql("alter table accounts.api_keys enable trigger tell_changed");

    await()
        .atMost(Duration.ofSeconds(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> get(key, "/v1/me").statusCode() == 401);
  }

  @Test
  void a_key_is_refused_within_a_second_when_its_account_is_gone() throws Exception {
    var key = newKey(user, Environment.LIVE, "jobs:read");
    assertThat(get(key, "/v1/me").statusCode()).isEqualTo(200);

    sql("delete from accounts.users where id = '" + user + "'");

    await()
        .atMost(Duration.ofSeconds(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> get(key, "/v1/me").statusCode() == 401);
  }

  @Test
  void each_use_is_counted_and_the_last_one_known_a_moment_later() throws Exception {
    var key = newKey(user, Environment.LIVE, "jobs:read");
    get(key, "/v1/me");

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> {
              assertThat(
                      number(
                          "select coalesce(sum(calls), 0) from accounts.key_days where key_id = '"
                              + id(key)
                              + "'"))
                  .isEqualTo(1);
              assertThat(
                      number(
                          "select count(*) from accounts.key_last_used where address = '127.0.0.1' and key_id = '"
                              + id(key)
                              + "'"))
                  .isEqualTo(1);
            });
    for (int i = 0; i < 5; i++) {
      get(key, "/v1/me");
    }
    // Not again before the minute is over: never with each request.
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(4))
        .until(
            () ->
                number("select sum(calls) from accounts.key_days where key_id = '" + id(key) + "'")
                    == 1);
  }

  @Nested
  class An_imported_key {

    private static final String TEXT = "Ab3dEf9h.0123456789abcdefghijABCDEFGHIJxy";

    @Test
    void by_its_sha_512_is_taken_and_hashed_our_way_from_then_on() throws Exception {
      var key = "Sha512aa." + TEXT.substring(9);
      var digest =
          MessageDigest.getInstance("SHA-512").digest(key.getBytes(StandardCharsets.US_ASCII));
      imported(key, "sha512", "sha512$$" + HexFormat.of().formatHex(digest));

      assertThat(get(key, "/v1/me").statusCode()).isEqualTo(200);
      assertThat(json(get(key, "/v1/me")).required("user_id").asString())
          .isEqualTo(user.toString());

      assertThat(
              number(
                  "select count(*) from accounts.api_keys where key_id = 'Sha512aa' and hash_scheme = 'hmac'"))
          .isEqualTo(1);
      assertThat(get(key.replace('x', 'z'), "/v1/me").statusCode()).isEqualTo(401);
    }

    @Test
    void by_its_pbkdf2_is_taken_and_hashed_our_way_from_then_on() throws Exception {
      var key = "Pbkdf2aa." + TEXT.substring(9);
      var spec =
          new PBEKeySpec(
              key.toCharArray(), "salt".getBytes(StandardCharsets.US_ASCII), 10_000, 256);
      var derived =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      imported(
          key, "pbkdf2", "pbkdf2_sha256$10000$salt$" + Base64.getEncoder().encodeToString(derived));

      assertThat(get(key.replace('x', 'z'), "/v1/me").statusCode()).isEqualTo(401);
      assertThat(get(key, "/v1/me").statusCode()).isEqualTo(200);

      assertThat(
              number(
                  "select count(*) from accounts.api_keys where key_id = 'Pbkdf2aa' and hash_scheme = 'hmac'"))
          .isEqualTo(1);
      assertThat(get(key, "/v1/me").statusCode()).isEqualTo(200);
    }

    @Test
    void that_somebody_guesses_at_is_shut_for_a_minute() throws Exception {
      var key = "Guessed0." + TEXT.substring(9);
      imported(key, "pbkdf2", "pbkdf2_sha256$1000$salt$" + "A".repeat(43) + "=");
      for (int i = 0; i < 8; i++) {
        assertThat(get(key, "/v1/me").statusCode()).isEqualTo(401);
      }
    }

    private void imported(String key, String scheme, String hash) {
      sql(
          "insert into accounts.api_keys (user_id, key_id, kind, environment, name, hash, hash_scheme, pepper_id, scopes, created_at, version)"
              + " values ('%s', '%s', 'personal', 'live', 'k', '%s', '%s', '', 'jobs:read', now(), 0)"
                  .formatted(user, key.substring(0, 8), hash, scheme));
    }
  }

  @Nested
  class A_daily_cap {

    @Test
    void brakes_one_key_and_not_its_user() throws Exception {
      var capped = newKey(user, Environment.LIVE, "jobs:write");
      cap(capped, 2);
      var free = newKey(user, Environment.LIVE, "jobs:write");

      assertThat(post(capped, UUID.randomUUID(), ECHO).statusCode()).isEqualTo(200);
      assertThat(post(capped, UUID.randomUUID(), ECHO).statusCode()).isEqualTo(200);
      assertProblem(post(capped, UUID.randomUUID(), ECHO), 429, "key_cap_reached");
      assertThat(post(free, UUID.randomUUID(), ECHO).statusCode()).isEqualTo(200);
      assertThat(used(user)).isEqualTo(3);
      assertThat(charges(user)).isEqualTo(3);
    }

    @Test
    void counts_what_workers_do_for_the_key() throws Exception {
      var capped = newKey(user, Environment.LIVE, "jobs:write");
      cap(capped, 1);
      var worker = managed();

      assertThat(forKey(worker, id(capped)).statusCode()).isEqualTo(200);
      assertProblem(forKey(worker, id(capped)), 429, "key_cap_reached");
      assertThat(post(worker, UUID.randomUUID(), ECHO).statusCode()).isEqualTo(200);
      assertThat(hours(id(capped))).isEqualTo(1);
      assertThat(hours(id(worker))).isEqualTo(1);
    }

    @Test
    void of_another_key_cannot_be_named_by_anybody_but_a_worker() throws Exception {
      var capped = newKey(user, Environment.LIVE, "jobs:write");
      cap(capped, 1);
      var other = newKey(user, Environment.LIVE, "jobs:write");
      var stranger = newKey(newUser(), Environment.LIVE, "jobs:write");

      assertThat(forKey(other, id(capped)).statusCode()).isEqualTo(200);
      assertThat(forKey(stranger, id(capped)).statusCode()).isEqualTo(200);
      assertThat(post(capped, UUID.randomUUID(), ECHO).statusCode()).isEqualTo(200);
    }

    @Test
    void is_never_passed_by_many_requests_at_once() throws Exception {
      var capped = newKey(user, Environment.LIVE, "jobs:write");
      cap(capped, 5);

      var answers = atOnce(30, i -> post(capped, UUID.randomUUID(), ECHO));

      assertThat(answers.stream().filter(answer -> answer.statusCode() == 200)).hasSize(5);
      assertThat(used(user)).isEqualTo(5);
    }

    /** Units that count for a key in the sums by hour. */
    private long hours(String keyId) {
      return number(
          "select coalesce(sum(units), 0) from compute.ledger_hours where operation = 'echo' and key_id = '"
              + keyId
              + "'");
    }

    private void cap(String key, int units) {
      sql(
          "update accounts.api_keys set daily_cap = "
              + units
              + " where key_id = '"
              + id(key)
              + "'");
    }

    private String managed() {
      var key = newKey(user, Environment.LIVE, "jobs:write");
      sql("update accounts.api_keys set kind = 'managed' where key_id = '" + id(key) + "'");
      return key;
    }

    private java.net.http.HttpResponse<String> forKey(String key, String origin) throws Exception {
      var body = "{\"job_id\":\"" + UUID.randomUUID() + "\",\"payload\":" + ECHO + "}";
      return HTTP.send(
          request(key, "/v1/ai/jobs")
              .header("Behalf-Origin-Key", origin)
              .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body))
              .build(),
          java.net.http.HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void workers_are_not_counted_and_people_are() throws Exception {
    var key = newKey(user, Environment.LIVE, "jobs:read");

    assertThat(get(key, "/v1/me").headers().firstValue("RateLimit")).isPresent();
    sql("update accounts.api_keys set kind = 'managed' where key_id = '" + id(key) + "'");
    await()
        .atMost(Duration.ofSeconds(1))
        .until(() -> get(key, "/v1/me").headers().firstValue("RateLimit").isEmpty());
  }

  private static String id(String key) {
    return ApiKeyFormat.parse(key).orElseThrow().keyId();
  }
}
