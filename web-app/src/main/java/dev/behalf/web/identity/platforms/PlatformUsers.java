package dev.behalf.web.identity.platforms;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.identity.accounts.AccountAccess;
import dev.behalf.web.identity.accounts.Accounts;
import dev.behalf.web.identity.accounts.QuotaLimits;
import dev.behalf.web.site.audit.AuditLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The users of platforms. A user belongs to one platform, under an external id that is unique
 * there; what is another platform's is not found.
 */
@Component
class PlatformUsers {

  private static final String SELECT =
      """
      select p.*, u.permissions, u.disabled_at, u.disabled_by,
             (select limit_units from compute.quota q where q.user_id = p.user_id and q.environment = 'live'
              order by period desc limit 1) as live_units,
             (select limit_units from compute.quota q where q.user_id = p.user_id and q.environment = 'test'
              order by period desc limit 1) as test_units
      from accounts.platform_users p join accounts.users u on u.id = p.user_id
      where p.platform_id = :platform
      """;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final Accounts accounts;
  private final AccountAccess access;
  private final QuotaLimits limits;
  private final AuditLog audit;
  private final ApplicationEventPublisher events;

  PlatformUsers(
      JdbcClient database,
      TransactionTemplate transaction,
      Accounts accounts,
      AccountAccess access,
      QuotaLimits limits,
      AuditLog audit,
      ApplicationEventPublisher events) {
    this.database = database;
    this.transaction = transaction;
    this.accounts = accounts;
    this.access = access;
    this.limits = limits;
    this.audit = audit;
    this.events = events;
  }

  /** What a request to create or change a user has done. */
  enum Done {
    CREATED,
    CHANGED,
    UNCHANGED
  }

  record Put(PlatformUser user, Done done) {}

  /** A request to create or change one user. */
  record Asked(String externalId, UserProperties properties) {

    /**
     * Checks what can be checked without the user.
     *
     * @throws Problem about the first invalid property
     */
    void check(PlatformCaller caller) {
      if (!ExternalId.isValid(externalId)) {
        throw new Problem(
                ProblemCode.PAYLOAD_INVALID,
                "Write the external id with 1 to 255 letters, digits and . _ ~ : @ | - only.")
            .about("external_id");
      }
      if (properties.quota() != null) {
        caller.require(Scope.QUOTA_WRITE);
      }
      properties.check();
    }
  }

  /**
   * Creates or changes a user; a repeated request changes nothing more.
   *
   * @throws Problem if a property is invalid, or the platform may not set it
   */
  Put put(PlatformCaller caller, Asked asked) {
    asked.check(caller);
    try {
      return putNow(caller, asked);
    } catch (DuplicateKeyException meanwhile) {
      // Another request has created the user: this one changes it.
      return putNow(caller, asked);
    }
  }

  /**
   * Creates or changes users in one transaction: all of them or, with an exception, none.
   *
   * @param users each with valid properties
   */
  List<Put> putAll(PlatformCaller caller, List<Asked> users) {
    return Objects.requireNonNull(
        transaction.execute(status -> users.stream().map(one -> apply(caller, one)).toList()));
  }

  private Put putNow(PlatformCaller caller, Asked asked) {
    return Objects.requireNonNull(transaction.execute(status -> apply(caller, asked)));
  }

  private Put apply(PlatformCaller caller, Asked asked) {
    var known = lock(caller, asked.externalId());
    if (known.isEmpty()) {
      create(caller, asked.externalId());
    }
    var before = known.orElseGet(() -> get(caller, asked.externalId()));
    var changed = change(before, asked.properties());
    if (known.isEmpty()) {
      record(caller, before, "user.created", Map.of());
    } else if (!changed.isEmpty()) {
      var properties = String.join(" ", changed);
      record(caller, before, "user.changed", Map.of("properties", properties));
    }
    var done = known.isEmpty() ? Done.CREATED : changed.isEmpty() ? Done.UNCHANGED : Done.CHANGED;
    return new Put(changed.isEmpty() ? before : get(caller, asked.externalId()), done);
  }

  private void create(PlatformCaller caller, String externalId) {
    database
        .sql(
            "insert into accounts.platform_users (user_id, platform_id, external_id) values (?, ?, ?)")
        .params(accounts.openWithoutSignIn(), caller.platformId(), externalId)
        .update();
  }

  /** Changes what differs, and returns the names of what was changed. */
  private List<String> change(PlatformUser before, UserProperties asked) {
    var changed = new ArrayList<String>();
    var userId = before.userId();
    set(userId, "name", asked.name(), before.name(), changed);
    set(userId, "email", asked.email(), before.email(), changed);
    if (asked.metadata() != null) {
      set(userId, "metadata", asked.metadataText(), StrictJson.text(before.metadata()), changed);
    }
    var permissions = asked.permissions();
    if (permissions != null && !permissions.equals(before.permissions())) {
      access.permitOperations(userId, permissions);
      changed.add("permissions");
    }
    var quota = asked.quota();
    if (quota != null) {
      limit(userId, Environment.LIVE, quota.live(), before.quota().live(), changed);
      limit(userId, Environment.TEST, quota.test(), before.quota().test(), changed);
    }
    return changed;
  }

  private void set(
      UUID userId, String column, @Nullable String asked, String before, List<String> changed) {
    if (asked != null && !asked.equals(before)) {
      database
          .sql("update accounts.platform_users set %s = ? where user_id = ?".formatted(column))
          .params(asked, userId)
          .update();
      changed.add(column);
    }
  }

  private void limit(
      UUID userId,
      Environment environment,
      @Nullable Long asked,
      @Nullable Long before,
      List<String> changed) {
    if (asked != null && !asked.equals(before)) {
      limits.set(userId, environment, asked);
      changed.add("quota." + environment.wire());
    }
  }

  /** Returns a user of the calling platform. */
  PlatformUser get(PlatformCaller caller, String externalId) {
    return find(caller, externalId, "").orElseThrow(Problem::notFound);
  }

  private Optional<PlatformUser> lock(PlatformCaller caller, String externalId) {
    return find(caller, externalId, " for no key update of u, p");
  }

  private Optional<PlatformUser> find(PlatformCaller caller, String externalId, String locking) {
    return database
        .sql(SELECT + " and p.external_id = :external_id" + locking)
        .param("platform", caller.platformId())
        .param("external_id", externalId)
        .query(PlatformUsers::user)
        .optional();
  }

  /**
   * Returns users of the calling platform in the order of their external ids.
   *
   * @param after the external id after which the page begins; empty for the first page
   */
  List<PlatformUser> list(PlatformCaller caller, String after, int limit) {
    return database
        .sql(SELECT + " and p.external_id > :after order by p.external_id limit :limit")
        .param("platform", caller.platformId())
        .param("after", after)
        .param("limit", limit)
        .query(PlatformUsers::user)
        .list();
  }

  /**
   * Disables a user: keys and tokens are refused within a second, and jobs are paused. Nothing is
   * lost: the user can be enabled again.
   */
  PlatformUser disable(PlatformCaller caller, String externalId) {
    return change(
        caller,
        externalId,
        user -> {
          if (user.disabledAt() == null) {
            access.disable(user.userId(), AccountAccess.By.PLATFORM);
            record(caller, user, "account.disabled", Map.of());
          }
        });
  }

  /**
   * Enables a user again.
   *
   * @throws Problem if an operator has disabled the user
   */
  PlatformUser enable(PlatformCaller caller, String externalId) {
    return change(
        caller,
        externalId,
        user -> {
          if (user.disabledAt() == null) {
            return;
          }
          requireNotByOperator(user);
          access.enable(user.userId());
          record(caller, user, "account.enabled", Map.of());
        });
  }

  /**
   * Deletes a user with all data.
   *
   * @throws Problem if an operator has disabled the user, who would come back enabled
   */
  void delete(PlatformCaller caller, String externalId) {
    var user = get(caller, externalId);
    requireNotByOperator(user);
    if (!accounts.delete(user.userId(), caller.actor())) {
      throw Problem.notFound();
    }
    transaction.executeWithoutResult(
        status ->
            events.publishEvent(
                new PlatformAct(caller.actor(), user.userId(), "account.deleted", Map.of())));
  }

  private static void requireNotByOperator(PlatformUser user) {
    if (user.disabledAt() != null && !AccountAccess.By.PLATFORM.wire().equals(user.disabledBy())) {
      throw new Problem(
          ProblemCode.FORBIDDEN,
          "An operator has disabled this user: only an operator can enable or delete it.");
    }
  }

  private PlatformUser change(
      PlatformCaller caller, String externalId, Consumer<PlatformUser> change) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              change.accept(lock(caller, externalId).orElseThrow(Problem::notFound));
              return get(caller, externalId);
            }));
  }

  private void record(
      PlatformCaller caller, PlatformUser user, String action, Map<String, ?> details) {
    audit.write(user.userId(), caller.actor(), action, user.externalId(), details);
    events.publishEvent(new PlatformAct(caller.actor(), user.userId(), action, details));
  }

  @SuppressWarnings("unchecked") // as it was stored
  private static PlatformUser user(ResultSet row, int index) throws SQLException {
    var permissions = row.getString("permissions");
    return new PlatformUser(
        row.getString("external_id"),
        row.getObject("user_id", UUID.class),
        row.getString("name"),
        row.getString("email"),
        new UserProperties.UserQuota(
            row.getObject("live_units", Long.class), row.getObject("test_units", Long.class)),
        permissions.isEmpty() ? List.of() : List.of(permissions.split(" ", -1)),
        StrictJson.MAPPER.readValue(row.getString("metadata"), Map.class),
        Timestamps.instant(row, "created_at"),
        Timestamps.instantOrNull(row, "disabled_at"),
        row.getString("disabled_by"),
        Timestamps.instantOrNull(row, "acting_ended_at"));
  }
}
