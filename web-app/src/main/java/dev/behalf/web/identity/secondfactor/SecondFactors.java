package dev.behalf.web.identity.secondfactor;

import dev.behalf.contract.WireName;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.crypto.EncryptedColumns;
import dev.behalf.web.site.crypto.Encryption;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.Outbox;
import dev.behalf.web.site.security.SecondStep;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Which accounts ask for a code after the password, and whether a code is right. */
@Component
public class SecondFactors implements SecondStep {

  /** Longest time for a new secret to be confirmed: an open browser shows it no longer. */
  private static final Duration PENDING = Duration.ofMinutes(10);

  private final JdbcClient database;
  private final Encryption encryption;
  private final RecoveryCodes recoveryCodes;
  private final AuditLog audit;
  private final Outbox outbox;
  private final TransactionTemplate transaction;
  private final InstantSource clock;

  SecondFactors(
      JdbcClient database,
      Encryption encryption,
      RecoveryCodes recoveryCodes,
      AuditLog audit,
      Outbox outbox,
      TransactionTemplate transaction,
      InstantSource clock) {
    this.database = database;
    this.encryption = encryption;
    this.recoveryCodes = recoveryCodes;
    this.audit = audit;
    this.outbox = outbox;
    this.transaction = transaction;
    this.clock = clock;
  }

  @Bean
  static EncryptedColumns secondFactorsAtRest() {
    return new EncryptedColumns(
        "accounts.second_factors",
        List.of("user_id"),
        List.of("ciphertext"),
        id -> about(id.getFirst()));
  }

  enum State implements WireName {
    OFF,
    /** There is a secret, and no code of it was seen yet. */
    PENDING,
    ON
  }

  private record Factor(Totp totp, boolean isOn) {}

  State state(UUID userId) {
    return find(userId).map(factor -> factor.isOn() ? State.ON : State.PENDING).orElse(State.OFF);
  }

  @Override
  public boolean isAsked(UUID userId) {
    return database
        .sql(
            "select exists (select from accounts.second_factors where user_id = ? and confirmed_at is not null)")
        .param(userId)
        .query(Boolean.class)
        .single();
  }

  /** Returns the secret to be shared with an app; empty unless one is pending. */
  Optional<Totp> pending(UUID userId) {
    return find(userId).filter(factor -> !factor.isOn()).map(Factor::totp);
  }

  /** Makes a new secret, unless codes are asked for already. */
  void begin(UUID userId) {
    var totp = Totp.random();
    var sealed = encryption.encrypt(about(userId), totp.secret());
    database
        .sql(
            """
            insert into accounts.second_factors as f (user_id, ciphertext, master_key_id, created_at)
            values (:user, :ciphertext, :master_key, :now)
            on conflict (user_id) do update
              set ciphertext = excluded.ciphertext, master_key_id = excluded.master_key_id, created_at = excluded.created_at
              where f.confirmed_at is null
            """)
        .param("user", userId)
        .param("ciphertext", sealed.ciphertext())
        .param("master_key", sealed.masterKeyId())
        .param("now", Timestamps.of(clock.instant()))
        .update();
  }

  /**
   * Asks for codes from now on, once the app has shown a right one. Returns the recovery codes;
   * null if the code is wrong.
   */
  @Nullable List<String> confirm(UUID userId, String code, Actor actor) {
    return transaction.execute(
        status -> {
          lock(userId);
          if (pending(userId).isEmpty() || !isCodeOfApp(userId, code)) {
            return null;
          }
          database
              .sql("update accounts.second_factors set confirmed_at = ? where user_id = ?")
              .params(Timestamps.of(clock.instant()), userId)
              .update();
          tell(userId, actor, "account.second_factor_on");
          return recoveryCodes.replace(userId);
        });
  }

  /**
   * Returns whether a code, of the app or a recovery code, is right; it is used up with that. A
   * wrong one is told to the user, once a day: somebody knows the password.
   */
  boolean accepts(UUID userId, String code, Actor actor) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              if (isCodeOfApp(userId, code) || recoveryCodes.use(userId, code)) {
                return true;
              }
              audit.write(userId, actor, "session.code_refused", null, Map.of());
              var day = clock.instant().truncatedTo(ChronoUnit.DAYS);
              outbox.tell(
                  userId, MailKind.WRONG_CODE, List.of(), "wrong code " + userId + " " + day);
              return false;
            }));
  }

  /** Waits for other changes of the same account. */
  private void lock(UUID userId) {
    database
        .sql("select 1 from accounts.second_factors where user_id = ? for update")
        .param(userId)
        .query(Integer.class)
        .optional();
  }

  private boolean isCodeOfApp(UUID userId, String code) {
    var digits = code.replaceAll("\\s", "");
    var step =
        find(userId)
            .map(Factor::totp)
            .map(totp -> totp.step(digits, clock.instant()))
            .filter(found -> found.isPresent());
    return step.isPresent()
        && database
                .sql(
                    "update accounts.second_factors set last_step = :step where user_id = :user and last_step < :step")
                .param("step", step.get().getAsLong())
                .param("user", userId)
                .update()
            == 1;
  }

  List<String> newRecoveryCodes(UUID userId, Actor actor) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              lock(userId);
              tell(userId, actor, "account.recovery_codes_replaced");
              return recoveryCodes.replace(userId);
            }));
  }

  int recoveryCodesLeft(UUID userId) {
    return recoveryCodes.left(userId);
  }

  /** Asks for no code any more; returns whether the account had asked for one. */
  public boolean end(UUID userId, Actor actor) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              var was = isAsked(userId);
              database
                  .sql("delete from accounts.second_factors where user_id = ?")
                  .param(userId)
                  .update();
              if (was) {
                tell(userId, actor, "account.second_factor_off");
              }
              return was;
            }));
  }

  private void tell(UUID userId, Actor actor, String action) {
    audit.write(userId, actor, action, null, Map.of());
    outbox.tell(userId, MailKind.SECOND_FACTOR_CHANGED, List.of(), null);
  }

  private Optional<Factor> find(UUID userId) {
    return database
        .sql(
            """
            select ciphertext, confirmed_at from accounts.second_factors
            where user_id = ? and (confirmed_at is not null or created_at > ?)
            """)
        .params(userId, Timestamps.of(clock.instant().minus(PENDING)))
        .query(
            (row, index) ->
                new Factor(
                    new Totp(encryption.decrypt(about(userId), row.getBytes("ciphertext"))),
                    row.getTimestamp("confirmed_at") != null))
        .optional();
  }

  private static String about(Object userId) {
    return "second factor " + userId;
  }
}
