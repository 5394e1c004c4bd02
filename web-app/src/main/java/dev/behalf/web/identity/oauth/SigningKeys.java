package dev.behalf.web.identity.oauth;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.crypto.EncryptedColumns;
import dev.behalf.web.site.crypto.Encryption;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The keys that sign access tokens (ES256), shared by all replicas, with private parts encrypted at
 * rest. A new key is published before it signs, so that no verifier meets an unknown key. An old
 * key stays published until its last token has expired.
 */
@Component
public class SigningKeys implements JWKSource<SecurityContext> {

  /**
   * How long a new key is published before it signs; longer than anyone caches the published keys.
   */
  private static final Duration PUBLISHED_BEFORE = Duration.ofMinutes(10);

  /** How long an old key stays published; longer than a token lives. */
  private static final Duration PUBLISHED_AFTER = Duration.ofDays(1);

  private final JdbcClient database;
  private final Encryption encryption;
  private final TransactionTemplate transaction;
  private final InstantSource clock;
  private final Duration age;
  private final LoadingCache<String, List<Published>> keys =
      Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(1)).build(all -> published());

  SigningKeys(
      JdbcClient database,
      Encryption encryption,
      TransactionTemplate transaction,
      InstantSource clock,
      @Value("${behalf.keys.signing-age}") Duration age) {
    this.database = database;
    this.encryption = encryption;
    this.transaction = transaction;
    this.clock = clock;
    this.age = age;
  }

  @Bean
  static EncryptedColumns signingKeysAtRest() {
    return new EncryptedColumns(
        "accounts.signing_keys", List.of("id"), List.of("ciphertext"), id -> about(id.getFirst()));
  }

  private record Published(ECKey key, Instant signsFrom) {}

  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
    return selector.select(new JWKSet(all().stream().<JWK>map(Published::key).toList()));
  }

  /** Returns the id of the key that signs now. */
  public String current() {
    var now = clock.instant();
    var all = all();
    return all.stream()
        .filter(one -> !one.signsFrom().isAfter(now))
        .reduce((older, newer) -> newer)
        .orElse(all.getFirst())
        .key()
        .getKeyID();
  }

  /** Creates a new key in good time, and deletes old keys whose tokens have all expired. */
  @Scheduled(fixedDelayString = "${behalf.keys.rotate-every:1m}")
  void rotate() {
    transaction.executeWithoutResult(status -> rotateNow());
    keys.invalidateAll();
  }

  private void rotateNow() {
    // One replica at a time: there must be only one first key.
    database.sql("lock table accounts.signing_keys in share row exclusive mode").update();
    var now = clock.instant();
    var newest =
        database
            .sql("select created_at from accounts.signing_keys order by created_at desc limit 1")
            .query((row, index) -> Timestamps.instant(row, "created_at"))
            .optional();
    if (newest.isEmpty()) {
      insert(now, now);
    } else if (newest.get().plus(age).isBefore(now)) {
      insert(now, now.plus(PUBLISHED_BEFORE));
    }
    database
        .sql(
            """
            delete from accounts.signing_keys k where exists (
              select 1 from accounts.signing_keys newer
              where newer.signs_from > k.signs_from and newer.signs_from <= ?)
            """)
        .param(Timestamps.of(now.minus(PUBLISHED_AFTER)))
        .update();
  }

  private List<Published> all() {
    var all = Objects.requireNonNull(keys.get(""));
    if (all.isEmpty()) {
      // The first token may be requested before the schedule has created a key.
      rotate();
      all = published();
    }
    return all;
  }

  private void insert(Instant now, Instant signsFrom) {
    try {
      var key =
          new ECKeyGenerator(Curve.P_256)
              .keyID(UUID.randomUUID().toString())
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.ES256)
              .generate();
      var sealed = encryption.encrypt(about(key.getKeyID()), key.toJSONString());
      database
          .sql(
              """
              insert into accounts.signing_keys (id, ciphertext, master_key_id, created_at, signs_from)
              values (?, ?, ?, ?, ?)
              """)
          .params(
              key.getKeyID(),
              sealed.ciphertext(),
              sealed.masterKeyId(),
              Timestamps.of(now),
              Timestamps.of(signsFrom))
          .update();
    } catch (JOSEException e) {
      throw new IllegalStateException("Every JDK has P-256.", e);
    }
  }

  private List<Published> published() {
    return database
        .sql("select id, ciphertext, signs_from from accounts.signing_keys order by signs_from")
        .query(
            (row, index) ->
                new Published(
                    parse(
                        encryption.decrypt(about(row.getString("id")), row.getBytes("ciphertext"))),
                    Timestamps.instant(row, "signs_from")))
        .list();
  }

  private static ECKey parse(String json) {
    try {
      return ECKey.parse(json);
    } catch (ParseException e) {
      throw new IllegalStateException("A signing key cannot be read.", e);
    }
  }

  private static String about(String id) {
    return "signing key " + id;
  }
}
