package dev.behalf.web.identity.watchtokens;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.crypto.TokenCipher;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.site.security.WatchedJob;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Issues and checks watch tokens: each opens one job, for reading, for a quarter of an hour. A
 * backend gives it to the page that shows the job, which has no other credential. No row is kept of
 * a token: it says, encrypted and authenticated, what it opens and with which credential it was
 * issued. It ends with that key, with the user's consent to that application, or with the platform
 * and its right to act; the networks of a key do not limit it.
 */
@Component
public class WatchTokens {

  /** What a token begins with. */
  public static final String PREFIX = "bhw_";

  private static final Duration LIFE = Duration.ofMinutes(15);

  /** How long a look-up is cached; the same bound as for keys. */
  private static final Duration MAX_AGE = Duration.ofMillis(700);

  private static final String ABOUT = "watch token";
  private static final int MAX_TOKEN = 1_000;

  /** Says whether an issuing credential still works. A session needs no look-up: it ends soon. */
  private static final String WORKS =
      """
      select case split_part(:issuer, ' ', 1)
        when 'key' then exists (
          select from accounts.api_keys where user_id = :user and key_id = split_part(:issuer, ' ', 2)
            and revoked_at is null and disabled_at is null
            and (expires_at is null or expires_at > :now) and (overlap_until is null or overlap_until > :now))
        when 'application' then exists (
          select from accounts.consents c join accounts.applications a on a.id = c.application_id
          where c.user_id = :user and a.client_id = split_part(:issuer, ' ', 2))
        when 'platform' then exists (
          select from accounts.platform_users u join accounts.platforms p on p.id = u.platform_id
          where u.user_id = :user and u.acting_ended_at is null
            and p.ended_at is null and p.name = split_part(:issuer, ' ', 2))
        else :issuer = 'session' end as works,
        coalesce((select origins from accounts.platforms where 'platform ' || name = :issuer), '') as origins
      """;

  private final TokenCipher cipher;
  private final JdbcClient database;
  private final InstantSource clock;
  private final LoadingCache<Issuer, Optional<List<String>>> issuers =
      Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(MAX_AGE).build(this::read);

  WatchTokens(TokenCipher cipher, JdbcClient database, InstantSource clock) {
    this.cipher = cipher;
    this.database = database;
    this.clock = clock;
  }

  /** A token and when it expires. */
  public record WatchToken(String token, Instant expiresAt) {
    @Override
    public String toString() {
      return "watch token";
    }
  }

  /** The credential of a user, or for a user, with which a token was issued. */
  private record Issuer(UUID userId, String credential) {}

  /** Returns a token that reads a job of the caller. */
  public WatchToken issue(Caller caller, UUID jobId) {
    var expiresAt = clock.instant().plus(LIFE);
    var content =
        String.join(
            "|",
            caller.userId().toString(),
            jobId.toString(),
            String.valueOf(expiresAt.getEpochSecond()),
            caller.actor().credential());
    var sealed = cipher.seal(ABOUT, content);
    return new WatchToken(
        PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed),
        Instant.ofEpochSecond(expiresAt.getEpochSecond()));
  }

  /** Returns what a token opens; empty if it is malformed or has ended. */
  public Optional<WatchedJob> find(String token) {
    if (!token.startsWith(PREFIX) || token.length() > MAX_TOKEN) {
      return Optional.empty();
    }
    byte[] sealed;
    try {
      sealed = Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
    return cipher.open(ABOUT, sealed).flatMap(this::opened);
  }

  private Optional<WatchedJob> opened(String content) {
    var parts = content.split("\\|", 4);
    var issuer = new Issuer(UUID.fromString(parts[0]), parts[3]);
    return Instant.ofEpochSecond(Long.parseLong(parts[2])).isAfter(clock.instant())
        ? issuers
            .get(issuer)
            .map(
                origins ->
                    new WatchedJob(
                        issuer.userId(), UUID.fromString(parts[1]), issuer.credential(), origins))
        : Optional.empty();
  }

  /** Returns the origins whose pages may use tokens of an issuer; empty if it works no more. */
  private Optional<List<String>> read(Issuer issuer) {
    return database
        .sql(WORKS)
        .param("issuer", issuer.credential())
        .param("user", issuer.userId())
        .param("now", Timestamps.of(clock.instant()))
        .query(
            (row, index) ->
                row.getBoolean("works")
                    ? Optional.of(origins(row.getString("origins")))
                    : Optional.<List<String>>empty())
        .single();
  }

  private static List<String> origins(String words) {
    return words.isEmpty() ? List.of() : List.of(words.split(" ", -1));
  }
}
