package dev.behalf.web.operators.console;

import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.identity.accounts.AccountAccess;
import dev.behalf.web.identity.accounts.Accounts;
import dev.behalf.web.identity.accounts.QuotaLimits;
import dev.behalf.web.identity.accounts.SignUps;
import dev.behalf.web.identity.platforms.Acting;
import dev.behalf.web.identity.secondfactor.SecondFactors;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Finds users' accounts and makes the changes that an operator may make. */
@Component
class AccountAdministration {

  /** How users read of what an operator did to their account: not by whom. */
  private static final Actor OPERATOR = new Actor("operator", null, null);

  private static final int SHOWN = 50;

  /** The number of a user's newest jobs that are counted. */
  static final int COUNT_TO = 10_000;

  private static final String COLUMNS =
      "select id, accounts.name_of(id) as email, created_at, scopes, permissions, disabled_at, disabled_by, disabled_scopes from accounts.users ";

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final AccountAccess accounts;
  private final QuotaLimits limits;
  private final Accounts deletion;
  private final Acting acting;
  private final SignUps signUps;
  private final SecondFactors secondFactors;
  private final OperatorAudit log;

  AccountAdministration(
      JdbcClient database,
      TransactionTemplate transaction,
      AccountAccess accounts,
      QuotaLimits limits,
      Accounts deletion,
      Acting acting,
      SignUps signUps,
      SecondFactors secondFactors,
      OperatorAudit log) {
    this.database = database;
    this.transaction = transaction;
    this.accounts = accounts;
    this.limits = limits;
    this.deletion = deletion;
    this.acting = acting;
    this.signUps = signUps;
    this.secondFactors = secondFactors;
    this.log = log;
  }

  /**
   * A user's account.
   *
   * @param scopes the account's scopes; for a disabled account, those that it regains
   * @param permissions the names that definitions of operations ask for, separated by spaces
   */
  record Account(
      UUID id,
      String email,
      Instant createdAt,
      Set<Scope> scopes,
      String permissions,
      @Nullable Instant disabledAt,
      @Nullable String disabledBy) {

    public OperatorRole role() {
      return OperatorRole.of(scopes);
    }
  }

  /** Returns whether operators can invite. */
  boolean invites() {
    return signUps.mode() != SignUps.Mode.OFF;
  }

  /** Invites the owner of an address; returns whether the address can be invited. */
  boolean invite(Caller caller, String email, String language) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              var invited = signUps.invite(email, language);
              invited.ifPresent(
                  address ->
                      log.write(caller, "account.invited", null, Map.of("address", address)));
              return invited.isPresent();
            }));
  }

  /**
   * The keys of an account, and its newest jobs.
   *
   * @param jobs the number of jobs by state, of both environments
   */
  record Counts(long activeKeys, long allKeys, Map<String, Long> jobs) {

    /** Returns the number of jobs in a state. */
    public long of(String state) {
      return jobs.getOrDefault(state, 0L);
    }
  }

  /**
   * Finds accounts by the start of the e-mail address, by id, or by a platform's external id; for
   * empty text, the newest.
   */
  List<Account> find(String asked) {
    var text = asked.strip().toLowerCase(Locale.ROOT);
    if (text.isEmpty()) {
      return database
          .sql(COLUMNS + "order by id desc limit ?")
          .param(SHOWN)
          .query(AccountAdministration::account)
          .list();
    }
    if (text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
      return database
          .sql(COLUMNS + "where id = ?")
          .param(UUID.fromString(text))
          .query(AccountAdministration::account)
          .list();
    }
    var ofPlatforms = findExternal(asked.strip());
    return ofPlatforms.isEmpty() ? findByAddress(text) : ofPlatforms;
  }

  /** Finds users by an external id, of each platform by its index. */
  private List<Account> findExternal(String externalId) {
    return database
        .sql(
            COLUMNS
                + """
                where id in (select u.user_id from accounts.platforms p
                             join accounts.platform_users u on u.platform_id = p.id where u.external_id = ?)
                """)
        .param(externalId)
        .query(AccountAdministration::account)
        .list();
  }

  private List<Account> findByAddress(String text) {
    return database
        .sql(
            COLUMNS
                + "where email ~>=~ :from and email ~<~ :to order by users.email using ~<~ limit :shown")
        .param("from", text)
        .param("to", text + Character.toString(Character.MAX_CODE_POINT))
        .param("shown", SHOWN)
        .query(AccountAdministration::account)
        .list();
  }

  Account get(UUID id) {
    return database
        .sql(COLUMNS + "where id = ?")
        .param(id)
        .query(AccountAdministration::account)
        .optional()
        .orElseThrow(Problem::notFound);
  }

  /** Returns an account that the operator is about to view, and records the view. */
  Account look(Caller caller, UUID id) {
    if (id.equals(caller.userId())) {
      throw FormValues.fault("This is your own account: open its pages directly.");
    }
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              var account = get(id);
              log.writeAbout(caller, id, "account.viewed", Map.of());
              return account;
            }));
  }

  Counts counts(UUID id) {
    var jobs = new LinkedHashMap<String, Long>();
    database
        .sql(
            """
            select state, count(*) from (
              select state from jobs.jobs where user_id = ? order by id desc limit ?) newest
            group by 1 order by 1
            """)
        .params(id, COUNT_TO)
        .query(
            row -> {
              jobs.put(row.getString(1), row.getLong(2));
            });
    return database
        .sql(
            """
            select count(*) filter (where revoked_at is null and disabled_at is null
                                      and coalesce(expires_at > now(), true)) as active, count(*) as all_keys
            from accounts.api_keys where user_id = ?
            """)
        .param(id)
        .query((row, index) -> new Counts(row.getLong("active"), row.getLong("all_keys"), jobs))
        .single();
  }

  /** Sets the limit of this and later months. Only compute-server counts the units used. */
  void limit(Caller caller, UUID id, Environment environment, long units) {
    if (units < 0) {
      throw FormValues.fault("Choose a limit of 0 or more units.");
    }
    transaction.executeWithoutResult(
        status -> {
          get(id);
          var period = limits.set(id, environment, units).name();
          log.writeAbout(
              caller,
              id,
              "quota.changed",
              Map.of("environment", environment.wire(), "period", period, "limit", units));
        });
  }

  /** Sets the account's scopes, but neither grants nor revokes the operator scopes. */
  void scopes(Caller caller, UUID id, Set<Scope> wanted) {
    transaction.executeWithoutResult(
        status -> {
          var account = lock(id);
          var scopes = account.role().grantTo(wanted);
          accounts.permit(id, scopes);
          log.writeAbout(caller, id, "scopes.changed", Map.of("scopes", Scope.format(scopes)));
        });
  }

  /**
   * Sets the names that definitions of operations ask for.
   *
   * @param words names separated by white space
   */
  void permissions(Caller caller, UUID id, String words) {
    var names =
        Stream.of(words.strip().split("\\s+")).filter(name -> !name.isEmpty()).distinct().toList();
    if (!AccountAccess.arePermissions(names)) {
      throw FormValues.fault(
          "Write at most 50 names of lower-case letters, digits and hyphens, separated by spaces.");
    }
    transaction.executeWithoutResult(
        status -> {
          lock(id);
          accounts.permitOperations(id, names);
          log.writeAbout(
              caller, id, "permissions.changed", Map.of("permissions", String.join(" ", names)));
        });
  }

  /**
   * Disables an account: its sessions end, its keys and tokens are refused within a second, and its
   * jobs are paused. Nothing is lost: the account can be enabled again.
   */
  void disable(Caller caller, UUID id) {
    if (id.equals(caller.userId())) {
      throw FormValues.fault("You cannot disable your own account: ask another operator.");
    }
    transaction.executeWithoutResult(
        status -> {
          if (AccountAccess.By.OPERATOR.wire().equals(lock(id).disabledBy())) {
            return;
          }
          accounts.disable(id, AccountAccess.By.OPERATOR);
          log.writeAbout(caller, id, "account.disabled", Map.of());
        });
  }

  void enable(Caller caller, UUID id) {
    transaction.executeWithoutResult(
        status -> {
          if (lock(id).disabledAt() == null) {
            return;
          }
          accounts.enable(id);
          log.writeAbout(caller, id, "account.enabled", Map.of());
        });
  }

  /** Asks for no code any more when the owner signs in. */
  void endSecondFactor(Caller caller, UUID id) {
    transaction.executeWithoutResult(
        status -> {
          if (!secondFactors.end(id, OPERATOR)) {
            throw Problem.notFound();
          }
          log.write(caller, "account.second_factor_ended", id.toString(), Map.of());
        });
  }

  /** Ends the right of a platform to act for the user. */
  void endActing(Caller caller, UUID id) {
    transaction.executeWithoutResult(
        status -> {
          var right = acting.of(id).orElseThrow(Problem::notFound);
          acting.end(id, right.platformId(), OPERATOR);
          log.write(caller, "platform.ended_for_user", id.toString(), Map.of());
        });
  }

  /** Deletes an account with all data; its closing totals stay. */
  void delete(Caller caller, UUID id) {
    if (id.equals(caller.userId())) {
      throw FormValues.fault("Delete your own account on the page of your settings.");
    }
    if (!deletion.delete(id, OPERATOR)) {
      throw Problem.notFound();
    }
    transaction.executeWithoutResult(
        status -> log.write(caller, "account.deleted", id.toString(), Map.of()));
  }

  private Account lock(UUID id) {
    return database
        .sql(COLUMNS + "where id = ? for no key update")
        .param(id)
        .query(AccountAdministration::account)
        .optional()
        .orElseThrow(Problem::notFound);
  }

  private static Account account(ResultSet row, int index) throws SQLException {
    return new Account(
        row.getObject("id", UUID.class),
        row.getString("email"),
        Timestamps.instant(row, "created_at"),
        Scope.parse(
            Objects.requireNonNullElse(row.getString("disabled_scopes"), row.getString("scopes"))),
        row.getString("permissions"),
        Timestamps.instantOrNull(row, "disabled_at"),
        row.getString("disabled_by"));
  }
}
