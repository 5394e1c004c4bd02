package dev.behalf.web.identity.oauth;

import dev.behalf.contract.ClientCredentials;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.identity.apikeys.KeysOfOthers;
import dev.behalf.web.site.UuidV7;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.security.Caller;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The registered applications, as developers and users see them. */
@Component
public class Applications {

  private static final int MAX_OF_DEVELOPER = 20;

  private static final String SELECT =
      "select id, user_id, client_id, secret_hash, name, redirect_uris, scopes, created_at from accounts.applications ";

  private final JdbcClient database;
  private final ClientSecrets secrets = new ClientSecrets();
  private final KeysOfOthers keys;
  private final AuditLog audit;
  private final InstantSource clock;

  Applications(JdbcClient database, KeysOfOthers keys, AuditLog audit, InstantSource clock) {
    this.database = database;
    this.keys = keys;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * An application with its secret, which is shown only once.
   *
   * @param secret null for a public client
   */
  public record Registered(Application application, @Nullable String secret) {
    @Override
    public String toString() {
      return application.clientId();
    }
  }

  /**
   * A user's consent to an application.
   *
   * @param lastTokenAt when the application last received an access token
   */
  public record Grant(
      UUID applicationId,
      String name,
      Set<Scope> scopes,
      Instant since,
      @Nullable Instant lastTokenAt) {}

  @Transactional
  Registered register(Caller developer, NewApplication asked) {
    asked.check();
    requireRoom(developer);
    var credentials = ClientCredentials.generate();
    var secret = asked.isPublic() ? null : credentials.secret();
    var application =
        new Application(
            UuidV7.at(clock.instant()),
            developer.userId(),
            credentials.clientId(),
            secret == null ? null : secrets.encode(secret),
            asked.name(),
            asked.uris(),
            asked.scopes(),
            clock.instant());
    insert(application);
    audit.write(
        developer.userId(),
        developer.actor(),
        "application.registered",
        application.clientId(),
        Map.of("name", application.name()));
    return new Registered(application, secret);
  }

  /**
   * Checks the limit under the lock of the user's row, so that of two concurrent registrations the
   * second sees the first.
   */
  private void requireRoom(Caller developer) {
    database
        .sql("select 1 from accounts.users where id = ? for no key update")
        .param(developer.userId())
        .query(Integer.class)
        .optional();
    if (ofDeveloper(developer.userId()).size() >= MAX_OF_DEVELOPER) {
      throw new Problem(
              ProblemCode.PAYLOAD_INVALID, "You have 20 applications: remove an unused one.")
          .about("name")
          .inWords("applications.fault.many", MAX_OF_DEVELOPER);
    }
  }

  public List<Application> ofDeveloper(UUID userId) {
    return database
        .sql(SELECT + "where user_id = ? order by created_at desc")
        .param(userId)
        .query(Applications::application)
        .list();
  }

  @Transactional
  Registered renewSecret(Caller developer, UUID id) {
    var application =
        ofDeveloper(developer.userId()).stream()
            .filter(one -> one.id().equals(id) && !one.isPublic())
            .findFirst()
            .orElseThrow(Problem::notFound);
    var secret = ClientCredentials.generate().secret();
    database
        .sql("update accounts.applications set secret_hash = ? where id = ?")
        .params(secrets.encode(secret), id)
        .update();
    audit.write(
        developer.userId(),
        developer.actor(),
        "application.secret_renewed",
        application.clientId(),
        Map.of());
    return new Registered(application, secret);
  }

  /** Removes an application with all users' consents and all keys that it has issued. */
  @Transactional
  void remove(Caller developer, UUID id) {
    var removed =
        database
            .sql(
                "delete from accounts.applications where id = ? and user_id = ? returning client_id")
            .params(id, developer.userId())
            .query(String.class)
            .optional()
            .orElseThrow(Problem::notFound);
    audit.write(developer.userId(), developer.actor(), "application.removed", removed, Map.of());
  }

  /** Returns the consents to applications that act for a user, newest first. */
  public List<Grant> grants(UUID userId) {
    return database
        .sql(
            """
            select a.id, a.name, c.scopes, c.given_at,
                   (select max(o.access_token_issued_at) from accounts.oauth2_authorization o
                    where o.user_id = c.user_id and o.application_id = a.id) as last_token_at
            from accounts.consents c join accounts.applications a on a.id = c.application_id
            where c.user_id = ? order by c.given_at desc
            """)
        .param(userId)
        .query(
            (row, index) ->
                new Grant(
                    row.getObject("id", UUID.class),
                    row.getString("name"),
                    Scope.parse(row.getString("scopes")),
                    Timestamps.instant(row, "given_at"),
                    Timestamps.instantOrNull(row, "last_token_at")))
        .list();
  }

  /**
   * Withdraws the user's consent. From then on the application's tokens are refused, and so are the
   * keys that it has issued.
   */
  @Transactional
  void withdraw(Caller user, UUID applicationId) {
    var application = byId(applicationId).orElseThrow(Problem::notFound);
    // The same lock as for issuing a key, so that one happens after the other.
    database
        .sql("select 1 from accounts.users where id = ? for no key update")
        .param(user.userId())
        .query(Integer.class)
        .optional();
    var ended =
        database
            .sql("delete from accounts.consents where user_id = ? and application_id = ?")
            .params(user.userId(), applicationId)
            .update();
    if (ended == 0) {
      throw Problem.notFound();
    }
    database
        .sql("delete from accounts.oauth2_authorization where user_id = ? and application_id = ?")
        .params(user.userId(), applicationId)
        .update();
    keys.revokeOfApplication(user.userId(), applicationId);
    audit.write(
        user.userId(), user.actor(), "application.withdrawn", application.clientId(), Map.of());
  }

  /** Returns the application with a client id. */
  Optional<Application> byClientId(String clientId) {
    return find("where client_id = ?", clientId);
  }

  /** Returns the application with an id. */
  Optional<Application> byId(UUID id) {
    return find("where id = ?", id);
  }

  /** Stores a newer hash of the same secret. */
  void rehash(UUID id, @Nullable String hash) {
    database
        .sql("update accounts.applications set secret_hash = :hash where id = :id")
        .param("hash", hash)
        .param("id", id)
        .update();
  }

  private void insert(Application application) {
    database
        .sql(
            """
            insert into accounts.applications
              (id, user_id, client_id, secret_hash, name, redirect_uris, scopes, created_at)
            values (:id, :user, :client_id, :secret_hash, :name, :redirect_uris, :scopes, :created_at)
            """)
        .param("id", application.id())
        .param("user", application.developer())
        .param("client_id", application.clientId())
        .param("secret_hash", application.secretHash())
        .param("name", application.name())
        .param(
            "redirect_uris",
            application.redirectUris().stream().map(URI::toString).collect(Collectors.joining(" ")))
        .param("scopes", Scope.format(application.scopes()))
        .param("created_at", Timestamps.of(application.createdAt()))
        .update();
  }

  private Optional<Application> find(String condition, Object value) {
    return database
        .sql(SELECT + condition)
        .param(value)
        .query(Applications::application)
        .optional();
  }

  private static Application application(ResultSet row, int index) throws SQLException {
    return new Application(
        row.getObject("id", UUID.class),
        row.getObject("user_id", UUID.class),
        row.getString("client_id"),
        row.getString("secret_hash"),
        row.getString("name"),
        Arrays.stream(row.getString("redirect_uris").split(" ", -1)).map(URI::create).toList(),
        Scope.parse(row.getString("scopes")),
        Timestamps.instant(row, "created_at"));
  }
}
