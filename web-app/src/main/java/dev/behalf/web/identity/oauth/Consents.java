package dev.behalf.web.identity.oauth;

import dev.behalf.server.security.Scope;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsent;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsentService;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The users' consents to applications. For a public client the user is asked each time: anyone can
 * claim to be one (RFC 8252, section 8.6).
 */
@Component
class Consents implements OAuth2AuthorizationConsentService {

  private final JdbcClient database;
  private final AuditLog audit;
  private final InstantSource clock;

  Consents(JdbcClient database, AuditLog audit, InstantSource clock) {
    this.database = database;
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  @Transactional
  public void save(OAuth2AuthorizationConsent consent) {
    var userId = UUID.fromString(consent.getPrincipalName());
    var scopes = Scope.format(consent.getScopes().stream().map(Scope::of).toList());
    database
        .sql(
            """
            insert into accounts.consents (user_id, application_id, scopes, given_at) values (?, ?, ?, ?)
            on conflict (user_id, application_id) do update
            set scopes = excluded.scopes, given_at = excluded.given_at
            """)
        .params(
            userId,
            UUID.fromString(consent.getRegisteredClientId()),
            scopes,
            Timestamps.of(clock.instant()))
        .update();
    audit.write(
        userId,
        Actor.SESSION,
        "application.allowed",
        clientId(consent.getRegisteredClientId()),
        Map.of("scopes", scopes));
  }

  @Override
  public void remove(OAuth2AuthorizationConsent consent) {
    database
        .sql("delete from accounts.consents where user_id = ? and application_id = ?")
        .params(
            UUID.fromString(consent.getPrincipalName()),
            UUID.fromString(consent.getRegisteredClientId()))
        .update();
  }

  @Override
  public @Nullable OAuth2AuthorizationConsent findById(String applicationId, String userId) {
    return database
        .sql(
            """
            select c.scopes from accounts.consents c join accounts.applications a on a.id = c.application_id
            where c.application_id = ? and c.user_id = ? and a.secret_hash is not null
            """)
        .params(UUID.fromString(applicationId), UUID.fromString(userId))
        .query(String.class)
        .optional()
        .map(
            scopes -> {
              var consent = OAuth2AuthorizationConsent.withId(applicationId, userId);
              Scope.parse(scopes).forEach(scope -> consent.scope(scope.wire()));
              return consent.build();
            })
        .orElse(null);
  }

  private String clientId(String applicationId) {
    return database
        .sql("select client_id from accounts.applications where id = ?")
        .param(UUID.fromString(applicationId))
        .query(String.class)
        .single();
  }
}
