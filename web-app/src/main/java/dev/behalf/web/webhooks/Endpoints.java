package dev.behalf.web.webhooks;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.UuidV7;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.security.Caller;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Manages a user's webhook endpoints. Each change locks the endpoint's row and is written to the
 * audit log in the same transaction.
 */
@Component
public class Endpoints {

  private static final int MAX = 20;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final Destinations destinations;
  private final EndpointSecrets secrets;
  private final EndpointPresence presence;
  private final DeliveryDispatcher dispatcher;
  private final AuditLog audit;
  private final InstantSource clock;

  Endpoints(
      JdbcClient database,
      TransactionTemplate transaction,
      Destinations destinations,
      EndpointSecrets secrets,
      EndpointPresence presence,
      DeliveryDispatcher dispatcher,
      AuditLog audit,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.destinations = destinations;
    this.secrets = secrets;
    this.presence = presence;
    this.dispatcher = dispatcher;
    this.audit = audit;
    this.clock = clock;
  }

  /** Returns the endpoints that the caller may see, the newest first. */
  public List<Endpoint> list(Caller caller) {
    return database
        .sql(
            "select %s from webhooks.endpoints e where e.user_id = :user order by e.id desc"
                .formatted(Endpoint.COLUMNS))
        .param("user", caller.userId())
        .query(Endpoint::of)
        .list()
        .stream()
        .filter(endpoint -> caller.maySee(endpoint.environment()))
        .toList();
  }

  public Optional<Endpoint> find(Caller caller, UUID id) {
    return read(caller, id, "");
  }

  Issued create(Caller caller, NewEndpoint asked) {
    var endpoint = asked.checked(destinations);
    var id = UuidV7.at(clock.instant());
    var secret = Signature.newSecret();
    var sealed = secrets.seal(caller.userId(), id, secret);
    var created =
        inTransaction(
            () -> {
              requireRoom(caller);
              database
                  .sql(
                      """
                      insert into webhooks.endpoints (user_id, id, environment, url, events, description, secret, master_key_id, created_at)
                      values (:user, :id, :environment, :url, :events, :description, :secret, :master_key, now())
                      """)
                  .param("user", caller.userId())
                  .param("id", id)
                  .param("environment", endpoint.environment().wire())
                  .param("url", endpoint.url())
                  .param("events", endpoint.words())
                  .param("description", endpoint.description())
                  .param("secret", sealed.ciphertext())
                  .param("master_key", sealed.masterKeyId())
                  .update();
              presence.sayCreated();
              return tell(caller, id, "webhook.created");
            });
    presence.created();
    return new Issued(created, secret);
  }

  /** Changes an endpoint; null arguments keep the current values. */
  Endpoint change(
      Caller caller,
      UUID id,
      @Nullable String url,
      @Nullable Set<EventType> events,
      @Nullable String description) {
    var before = find(caller, id).orElseThrow(Problem::notFound);
    // Resolve the name before locking the row.
    var after =
        new NewEndpoint(
                before.environment(),
                Objects.requireNonNullElse(url, before.url()),
                events == null ? Set.copyOf(before.events()) : events,
                Objects.requireNonNullElse(description, before.description()))
            .checked(destinations);
    return move(
        caller,
        id,
        "webhook.changed",
        row ->
            update(
                    "set url = :url, events = :events, description = :description,"
                        + " failing_since = case when url = :url then failing_since end",
                    caller,
                    id)
                .param("url", after.url())
                .param("events", after.words())
                .param("description", after.description())
                .update());
  }

  /** Removes an endpoint with all its deliveries, past and pending. */
  void remove(Caller caller, UUID id) {
    move(
        caller,
        id,
        "webhook.removed",
        row ->
            database
                .sql("delete from webhooks.endpoints where user_id = ? and id = ?")
                .params(caller.userId(), id)
                .update());
  }

  /**
   * Disables an endpoint: no events are recorded or sent. Pending deliveries resume when the
   * endpoint is enabled again.
   */
  Endpoint disable(Caller caller, UUID id) {
    return move(
        caller,
        id,
        "webhook.disabled",
        row -> update("set disabled_at = now(), disabled_reason = 'owner'", caller, id).update());
  }

  Endpoint enable(Caller caller, UUID id) {
    return move(
        caller,
        id,
        "webhook.enabled",
        row -> {
          dispatcher.wakeAfterCommit();
          return update(
                  "set disabled_at = null, disabled_reason = null, failing_since = null",
                  caller,
                  id)
              .update();
        });
  }

  /** Issues a new secret; the old one signs as well for a grace period of 24 hours. */
  Issued rotate(Caller caller, UUID id) {
    var secret = Signature.newSecret();
    var endpoint =
        move(
            caller,
            id,
            "webhook.secret_rotated",
            row -> {
              // Encrypt both with the current master key: the row names only one.
              var old = secrets.open(caller.userId(), id, ciphertext(caller, id));
              var sealed = secrets.seal(caller.userId(), id, secret);
              return update(
                      "set secret = :secret, previous_secret = :old, master_key_id = :master_key,"
                          + " previous_until = now() + interval '24 hours'",
                      caller,
                      id)
                  .param("secret", sealed.ciphertext())
                  .param("old", secrets.seal(caller.userId(), id, old).ciphertext())
                  .param("master_key", sealed.masterKeyId())
                  .update();
            });
    return new Issued(endpoint, secret);
  }

  /** Ends the grace period: the old secret no longer signs. */
  Endpoint endRotation(Caller caller, UUID id) {
    return move(
        caller,
        id,
        "webhook.old_secret_ended",
        row -> update("set previous_secret = null, previous_until = null", caller, id).update());
  }

  /** Runs a change under the row's lock; returns the updated endpoint, or the deleted one. */
  private Endpoint move(
      Caller caller, UUID id, String action, Function<Endpoint, Integer> statement) {
    return inTransaction(
        () -> {
          var before = read(caller, id, " for update").orElseThrow(Problem::notFound);
          if (statement.apply(before) != 1) {
            throw Problem.notFound();
          }
          return read(caller, id, "")
              .map(after -> tell(caller, after, action))
              .orElseGet(() -> tell(caller, before, action));
        });
  }

  private Endpoint tell(Caller caller, UUID id, String action) {
    return tell(caller, read(caller, id, "").orElseThrow(Problem::notFound), action);
  }

  private Endpoint tell(Caller caller, Endpoint endpoint, String action) {
    var details = new LinkedHashMap<String, Object>();
    details.put("environment", endpoint.environment());
    // Only the host: the rest of the URL may contain a credential.
    details.put("host", HttpUrl.get(endpoint.url()).host());
    if (endpoint.disabledReason() != null) {
      details.put("reason", endpoint.disabledReason());
    }
    audit.write(
        caller.userId(), caller.actor(), action, endpoint.id().toString(), Map.copyOf(details));
    return endpoint;
  }

  private Optional<Endpoint> read(Caller caller, UUID id, String lock) {
    return database
        .sql(
            "select %s from webhooks.endpoints e where e.user_id = :user and e.id = :id %s"
                .formatted(Endpoint.COLUMNS, lock))
        .param("user", caller.userId())
        .param("id", id)
        .query(Endpoint::of)
        .optional()
        .filter(endpoint -> caller.maySee(endpoint.environment()));
  }

  private byte[] ciphertext(Caller caller, UUID id) {
    return database
        .sql("select secret from webhooks.endpoints where user_id = ? and id = ?")
        .params(caller.userId(), id)
        .query((row, index) -> row.getBytes(1))
        .single();
  }

  private JdbcClient.StatementSpec update(String set, Caller caller, UUID id) {
    return database
        .sql("update webhooks.endpoints " + set + " where user_id = :user and id = :id")
        .param("user", caller.userId())
        .param("id", id);
  }

  /** Checks the limit under the user's lock, so that concurrent requests cannot exceed it. */
  private void requireRoom(Caller caller) {
    database
        .sql("select 1 from accounts.users where id = ? for no key update")
        .param(caller.userId())
        .query()
        .listOfRows();
    long count =
        database
            .sql("select count(*) from webhooks.endpoints where user_id = ?")
            .param(caller.userId())
            .query(Long.class)
            .single();
    if (count >= MAX) {
      throw new Problem(
          ProblemCode.PAYLOAD_INVALID, "You have 20 webhooks: change or remove one first.");
    }
  }

  private Endpoint inTransaction(java.util.function.Supplier<Endpoint> work) {
    return Objects.requireNonNull(transaction.execute(status -> work.get()));
  }
}
