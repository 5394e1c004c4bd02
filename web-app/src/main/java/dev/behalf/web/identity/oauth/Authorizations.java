package dev.behalf.web.identity.oauth;

import dev.behalf.contract.Sha256;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import java.security.Principal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.server.authorization.JdbcOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.function.SingletonSupplier;

/**
 * Stores authorization codes and tokens as hashes, so that a copy of the database opens nothing. A
 * refresh token that is presented again after its exchange ends the whole family of tokens (OAuth
 * 2.0 Security BCP, RFC 9700, section 4.14.2): the token may have been stolen, and the server
 * cannot tell the thief from the application.
 */
@Component
class Authorizations implements OAuth2AuthorizationService {

  private static final String HASHED = "sha256:";
  private static final String STATE = "state";

  /** The attribute for the version of the row that the server has read; kept in memory only. */
  private static final String VERSION = "behalf.version";

  /** Created at first use, because its constructor queries the database for the columns. */
  private final SingletonSupplier<JdbcOAuth2AuthorizationService> stored;

  private final JdbcClient database;
  private final AuditLog audit;
  private final TransactionTemplate transaction;
  private final InstantSource clock;

  Authorizations(
      JdbcTemplate template,
      JdbcClient database,
      Clients clients,
      AuditLog audit,
      TransactionTemplate transaction,
      InstantSource clock) {
    this.stored = SingletonSupplier.of(() -> new JdbcOAuth2AuthorizationService(template, clients));
    this.database = database;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * Stores an authorization if its row has not changed since it was read. Of two concurrent
   * exchanges, or of an exchange and a withdrawal, the later one fails and ends the family: then
   * nobody gets tokens. Of a platform's token no row is kept.
   */
  @Override
  @Transactional(noRollbackFor = OAuth2AuthenticationException.class)
  public void save(OAuth2Authorization authorization) {
    if (authorization
        .getAuthorizationGrantType()
        .equals(AuthorizationGrantType.CLIENT_CREDENTIALS)) {
      return;
    }
    String seen = authorization.getAttribute(VERSION);
    var sealed = sealed(authorization);
    if (seen != null) {
      var row = lock(sealed.getId());
      if (row.isEmpty() || !row.get().version().equals(seen)) {
        endFamily(sealed.getId());
        throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_GRANT);
      }
      spend(sealed, row.get());
    }
    stored.obtain().save(sealed);
  }

  @Override
  public void remove(OAuth2Authorization authorization) {
    stored.obtain().remove(authorization);
  }

  @Override
  public @Nullable OAuth2Authorization findById(String id) {
    return stored.obtain().findById(id);
  }

  @Override
  public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType type) {
    if (type != null && type.getValue().equals(STATE)) {
      return stored.obtain().findByToken(token, type);
    }
    var hash = hash(token);
    var version = version(hash);
    var found = stored.obtain().findByToken(hash, type);
    if (found == null && (type == null || type.equals(OAuth2TokenType.REFRESH_TOKEN))) {
      transaction.executeWithoutResult(status -> endFamilyOf(hash));
    }
    // Spring's server expects the token that was presented, not its hash.
    return found == null
        ? null
        : withTokens(found, value -> value.equals(hash) ? token : value)
            .attribute(VERSION, version)
            .build();
  }

  /**
   * Returns whether a token was issued to an application. Unlike {@link #findByToken}, this changes
   * nothing.
   */
  boolean isOf(String applicationId, String token) {
    return database
        .sql(
            """
            select 1 from accounts.oauth2_authorization
            where application_id = :application and (access_token_value = :hash or refresh_token_value = :hash)
            """)
        .param("application", UUID.fromString(applicationId))
        .param("hash", hash(token))
        .query((row, index) -> true)
        .optional()
        .isPresent();
  }

  /**
   * Deletes authorizations that ended a day ago or earlier. A family lives as long as its refresh
   * token.
   */
  @Scheduled(fixedDelayString = "1h")
  void forgetEnded() {
    var yesterday = clock.instant().minus(Duration.ofDays(1));
    database
        .sql(
            """
            delete from accounts.oauth2_authorization
            where greatest(created_at, authorization_code_expires_at, access_token_expires_at, refresh_token_expires_at)
              < ?
            """)
        .param(Timestamps.of(yesterday))
        .update();
  }

  static String hash(String token) {
    return HASHED + HexFormat.of().formatHex(Sha256.of(token));
  }

  private record Row(String version, @Nullable String refreshToken) {}

  private Optional<Row> lock(String id) {
    return database
        .sql(
            "select xmin::text, refresh_token_value from accounts.oauth2_authorization where id = ? for update")
        .param(id)
        .query((row, index) -> new Row(row.getString(1), row.getString(2)))
        .optional();
  }

  /**
   * Returns PostgreSQL's mark of the row's last change. It is read before the row, so it is never
   * newer than the row.
   */
  private String version(String hash) {
    return database
        .sql(
            """
            select xmin::text from accounts.oauth2_authorization
            where authorization_code_value = :hash or access_token_value = :hash or refresh_token_value = :hash
            """)
        .param("hash", hash)
        .query(String.class)
        .optional()
        .orElse("");
  }

  /** Records the old refresh token as spent if another one replaces it. */
  private void spend(OAuth2Authorization next, Row before) {
    var refresh = next.getRefreshToken();
    var value = refresh == null ? null : refresh.getToken().getTokenValue();
    if (before.refreshToken() != null && !before.refreshToken().equals(value)) {
      database
          .sql(
              """
              insert into accounts.spent_refresh_tokens (hash, authorization_id, spent_at)
              values (?, ?, ?) on conflict do nothing
              """)
          .params(before.refreshToken(), next.getId(), Timestamps.of(clock.instant()))
          .update();
    }
  }

  /** Ends the family of a refresh token that was exchanged before. */
  private void endFamilyOf(String spentHash) {
    database
        .sql("select authorization_id from accounts.spent_refresh_tokens where hash = ?")
        .param(spentHash)
        .query(String.class)
        .optional()
        .ifPresent(this::endFamily);
  }

  private void endFamily(String id) {
    record Ended(UUID userId, String clientId) {}
    database
        .sql(
            """
            delete from accounts.oauth2_authorization o using accounts.applications a
            where o.id = ? and a.id = o.application_id
            returning o.user_id, a.client_id
            """)
        .param(id)
        .query(
            (row, index) ->
                new Ended(row.getObject("user_id", UUID.class), row.getString("client_id")))
        .list()
        .forEach(
            ended ->
                audit.write(
                    ended.userId(),
                    new Actor(Application.credential(ended.clientId()), null, null),
                    "application.token_reused",
                    ended.clientId(),
                    Map.of()));
  }

  /**
   * Returns a copy with hashes in place of the tokens and the user's id in place of the principal.
   */
  private static OAuth2Authorization sealed(OAuth2Authorization authorization) {
    return withTokens(authorization, value -> value.startsWith(HASHED) ? value : hash(value))
        .attributes(
            attributes -> {
              attributes.remove(VERSION);
              attributes.computeIfPresent(
                  Principal.class.getName(),
                  (name, user) ->
                      UsernamePasswordAuthenticationToken.authenticated(
                          authorization.getPrincipalName(), null, List.of()));
            })
        .build();
  }

  private static OAuth2Authorization.Builder withTokens(
      OAuth2Authorization authorization, UnaryOperator<String> change) {
    var changed = OAuth2Authorization.from(authorization);
    var code = authorization.getToken(OAuth2AuthorizationCode.class);
    if (code != null) {
      var token = code.getToken();
      changed.token(
          new OAuth2AuthorizationCode(
              change.apply(token.getTokenValue()),
              Objects.requireNonNull(token.getIssuedAt()),
              Objects.requireNonNull(token.getExpiresAt())),
          metadata -> metadata.putAll(code.getMetadata()));
    }
    var access = authorization.getAccessToken();
    if (access != null) {
      var token = access.getToken();
      changed.token(
          new OAuth2AccessToken(
              token.getTokenType(),
              change.apply(token.getTokenValue()),
              token.getIssuedAt(),
              token.getExpiresAt(),
              token.getScopes()),
          metadata -> metadata.putAll(access.getMetadata()));
    }
    var refresh = authorization.getRefreshToken();
    if (refresh != null) {
      var token = refresh.getToken();
      changed.token(
          new OAuth2RefreshToken(
              change.apply(token.getTokenValue()), token.getIssuedAt(), token.getExpiresAt()),
          metadata -> metadata.putAll(refresh.getMetadata()));
    }
    return changed;
  }
}
