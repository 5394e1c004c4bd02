package dev.behalf.web.work.retention;

import dev.behalf.contract.Environment;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.Outbox;
import dev.behalf.web.site.security.Caller;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * For how many days ended jobs are kept: by the installation's setting and, if that is shorter, by
 * the user's own choice.
 */
@Component
class Retention {

  private final JdbcClient database;
  private final RetentionSettings settings;
  private final AuditLog audit;
  private final Outbox outbox;

  Retention(JdbcClient database, RetentionSettings settings, AuditLog audit, Outbox outbox) {
    this.database = database;
    this.settings = settings;
    this.audit = audit;
    this.outbox = outbox;
  }

  /** Returns the days that a user has chosen, by environment. */
  Map<Environment, Integer> chosen(UUID userId) {
    var chosen = new EnumMap<Environment, Integer>(Environment.class);
    database
        .sql("select environment, days from jobs.retention where user_id = ?")
        .param(userId)
        .query(
            row -> {
              chosen.put(Environment.of(row.getString("environment")), row.getInt("days"));
            });
    return chosen;
  }

  /**
   * Stores a user's choice, records it in the audit log, and tells the user by mail.
   *
   * @param days null for those of the installation
   */
  @Transactional
  void choose(Caller caller, Environment environment, @Nullable Integer days) {
    var changed =
        days == null
            ? database
                .sql("delete from jobs.retention where user_id = ? and environment = ?")
                .params(caller.userId(), environment.wire())
                .update()
            : database
                .sql(
                    """
                    insert into jobs.retention as r (user_id, environment, days) values (?, ?, ?)
                    on conflict (user_id, environment) do update set days = excluded.days
                    where r.days <> excluded.days
                    """)
                .params(caller.userId(), environment.wire(), days)
                .update();
    if (changed > 0) {
      audit.write(
          caller.userId(),
          caller.actor(),
          "account.retention_changed",
          null,
          Map.of("environment", environment.wire(), "days", days == null ? "" : days));
      outbox.tell(caller.userId(), MailKind.RETENTION_CHANGED, List.of(), null);
    }
  }

  /** Returns the days of the installation; 0 if it keeps jobs for ever. */
  int most(Environment environment) {
    return settings.days(environment);
  }
}
