package dev.behalf.web.webhooks;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.UuidV7;
import dev.behalf.web.site.audit.AuditLog;
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
 * Manages the webhook endpoints of a user or a platform. Each change locks the endpoint's row and
 * is written to the audit log in the same transaction.
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

  /** Returns the endpoints that the owner may see, the newest first. */
  public List<Endpoint> list(Owner owner) {
    return database
        .sql(
            "select %s from webhooks.endpoints e where e.user_id = :user order by e.id desc"
                .formatted(Endpoint.COLUMNS))
        .param("user", owner.id())
        .query(Endpoint::of)
        .list()
        .stream()
        .filter(endpoint -> owner.maySee(endpoint.environment()))
        .toList();
  }

  public Optional<Endpoint> find(Owner owner, UUID id) {
    return read(owner, id, "");
  }

  Issued create(Owner owner, NewEndpoint asked) {
    var endpoint = asked.checked(destinations);
    var id = UuidV7.at(clock.instant());
    var secret = Signature.newSecret();
    var sealed = secrets.seal(owner.id(), id, secret);
    var created =
        inTransaction(
            () -> {
              requireRoom(owner);
              database
                  .sql(
                      """
                      insert into webhooks.endpoints (user_id, platform_id, id, environment, url, events, description, secret, master_key_id, created_at)
                      values (:user, :platform, :id, :environment, :url, :events, :description, :secret, :master_key, now())
                      """)
                  .param("user", owner.id())
                  .param("platform", owner.isPlatform() ? owner.id() : null)
                  .param("id", id)
                  .param("environment", endpoint.environment().wire())
                  .param("url", endpoint.url())
                  .param("events", endpoint.words())
                  .param("description", endpoint.description())
                  .param("secret", sealed.ciphertext())
                  .param("master_key", sealed.masterKeyId())
                  .update();
              presence.sayCreated();
              return tell(owner, id, "webhook.created");
            });
    presence.created();
    return new Issued(created, secret);
  }

  /** Changes an endpoint; null arguments keep the current values. */
  Endpoint change(
      Owner owner,
      UUID id,
      @Nullable String url,
      @Nullable Set<EventType> events,
      @Nullable String description) {
    var before = find(owner, id).orElseThrow(Problem::notFound);
    // Resolve the name before locking the row.
    var after =
        new NewEndpoint(
                before.environment(),
                Objects.requireNonNullElse(url, before.url()),
                events == null ? Set.copyOf(before.events()) : events,
                Objects.requireNonNullElse(description, before.description()))
            .checked(destinations);
    return move(
        owner,
        id,
        "webhook.changed",
        row ->
            update(
                    "set url = :url, events = :events, description = :description,"
                        + " failing_since = case when url = :url then failing_since end",
                    owner,
                    id)
                .param("url", after.url())
                .param("events", after.words())
                .param("description", after.description())
                .update());
  }

  /** Removes an endpoint with all its deliveries, past and pending. */
  void remove(Owner owner, UUID id) {
    move(
        owner,
        id,
        "webhook.removed",
        row ->
            database
                .sql("delete from webhooks.endpoints where user_id = ? and id = ?")
                .params(owner.id(), id)
                .update());
  }

  /**
   * Disables an endpoint: no events are recorded or sent. Pending deliveries resume when the
   * endpoint is enabled again.
   */
  Endpoint disable(Owner owner, UUID id) {
    return move(
        owner,
        id,
        "webhook.disabled",
        row -> update("set disabled_at = now(), disabled_reason = 'owner'", owner, id).update());
  }

  Endpoint enable(Owner owner, UUID id) {
    return move(
        owner,
        id,
        "webhook.enabled",
        row -> {
          dispatcher.wakeAfterCommit();
          return update(
                  "set disabled_at = null, disabled_reason = null, failing_since = null", owner, id)
              .update();
        });
  }

  /** Issues a new secret; the old one signs as well for a grace period of 24 hours. */
  Issued rotate(Owner owner, UUID id) {
    var secret = Signature.newSecret();
    var endpoint =
        move(
            owner,
            id,
            "webhook.secret_rotated",
            row -> {
              // Encrypt both with the current master key: the row names only one.
              var old = secrets.open(owner.id(), id, ciphertext(owner, id));
              var sealed = secrets.seal(owner.id(), id, secret);
              return update(
                      "set secret = :secret, previous_secret = :old, master_key_id = :master_key,"
                          + " previous_until = now() + interval '24 hours'",
                      owner,
                      id)
                  .param("secret", sealed.ciphertext())
                  .param("old", secrets.seal(owner.id(), id, old).ciphertext())
                  .param("master_key", sealed.masterKeyId())
                  .update();
            });
    return new Issued(endpoint, secret);
  }

  /** Ends the grace period: the old secret no longer signs. */
  Endpoint endRotation(Owner owner, UUID id) {
    return move(
        owner,
        id,
        "webhook.old_secret_ended",
        row -> update("set previous_secret = null, previous_until = null", owner, id).update());
  }

  /** Runs a change under the row's lock; returns the updated endpoint, or the deleted one. */
  private Endpoint move(
      Owner owner, UUID id, String action, Function<Endpoint, Integer> statement) {
    return inTransaction(
        () -> {
          var before = read(owner, id, " for update").orElseThrow(Problem::notFound);
          if (statement.apply(before) != 1) {
            throw Problem.notFound();
          }
          return read(owner, id, "")
              .map(after -> tell(owner, after, action))
              .orElseGet(() -> tell(owner, before, action));
        });
  }

  private Endpoint tell(Owner owner, UUID id, String action) {
    return tell(owner, read(owner, id, "").orElseThrow(Problem::notFound), action);
  }

  private Endpoint tell(Owner owner, Endpoint endpoint, String action) {
    var details = new LinkedHashMap<String, Object>();
    details.put("environment", endpoint.environment());
    // Only the host: the rest of the URL may contain a credential.
    details.put("host", HttpUrl.get(endpoint.url()).host());
    if (endpoint.disabledReason() != null) {
      details.put("reason", endpoint.disabledReason());
    }
    audit.write(
        owner.userId(), owner.actor(), action, endpoint.id().toString(), Map.copyOf(details));
    return endpoint;
  }

  private Optional<Endpoint> read(Owner owner, UUID id, String lock) {
    return database
        .sql(
            "select %s from webhooks.endpoints e where e.user_id = :user and e.id = :id %s"
                .formatted(Endpoint.COLUMNS, lock))
        .param("user", owner.id())
        .param("id", id)
        .query(Endpoint::of)
        .optional()
        .filter(endpoint -> owner.maySee(endpoint.environment()));
  }

  private byte[] ciphertext(Owner owner, UUID id) {
    return database
        .sql("select secret from webhooks.endpoints where user_id = ? and id = ?")
        .params(owner.id(), id)
        .query((row, index) -> row.getBytes(1))
        .single();
  }

  private JdbcClient.StatementSpec update(String set, Owner owner, UUID id) {
    return database
        .sql("update webhooks.endpoints " + set + " where user_id = :user and id = :id")
        .param("user", owner.id())
        .param("id", id);
  }

  /** Checks the limit under the owner's lock, so that concurrent requests cannot exceed it. */
  private void requireRoom(Owner owner) {
    database
        .sql(
            "select 1 from %s where id = ? for no key update"
                .formatted(owner.isPlatform() ? "accounts.platforms" : "accounts.users"))
        .param(owner.id())
        .query()
        .listOfRows();
    long count =
        database
            .sql("select count(*) from webhooks.endpoints where user_id = ?")
            .param(owner.id())
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
