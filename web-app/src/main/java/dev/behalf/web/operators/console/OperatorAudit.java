package dev.behalf.web.operators.console;

import dev.behalf.contract.StrictJson;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.identity.platforms.PlatformAct;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.security.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The operators' audit log, written in the transaction of each action. The database role may only
 * insert and read. Actions on an account appear in that account's own activity as well.
 */
@Component
class OperatorAudit {

  private final JdbcClient database;
  private final AuditLog audit;

  OperatorAudit(JdbcClient database, AuditLog audit) {
    this.database = database;
    this.audit = audit;
  }

  /**
   * One action.
   *
   * @param about the id of the account or the name of the queue
   */
  record Entry(
      long id,
      Instant at,
      String operator,
      String action,
      @Nullable String about,
      @Nullable String address,
      String details) {}

  /** Records an action of an operator. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void write(Caller caller, String action, @Nullable String about, Map<String, ?> details) {
    write(email(caller.userId()), caller.actor().address(), action, about, details);
  }

  /** Records an action of a platform on one of its users. */
  @EventListener
  void on(PlatformAct act) {
    var platform = act.actor();
    write(
        platform.credential(),
        platform.address(),
        act.action(),
        act.userId().toString(),
        act.details());
  }

  /** Records an action on an account; its owner sees the action, but not the operator. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void writeAbout(Caller caller, UUID userId, String action, Map<String, ?> details) {
    write(caller, action, userId.toString(), details);
    tell(userId, action, details);
  }

  /** Records an action in the account's own activity only. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void tell(UUID userId, String action, Map<String, ?> details) {
    audit.write(userId, new Actor("operator", null, null), action, null, details);
  }

  /** Returns entries, the newest first. */
  List<Entry> list(@Nullable Long before, int limit) {
    return database
        .sql(
            """
            select * from ops.audit_log where id < coalesce(:before::bigint, 9223372036854775807)
            order by id desc limit :limit
            """)
        .param("before", before)
        .param("limit", limit)
        .query(
            (row, index) ->
                new Entry(
                    row.getLong("id"),
                    Timestamps.instant(row, "at"),
                    row.getString("operator"),
                    row.getString("action"),
                    row.getString("about"),
                    row.getString("address"),
                    row.getString("details")))
        .list();
  }

  private void write(
      String operator,
      @Nullable String address,
      String action,
      @Nullable String about,
      Map<String, ?> details) {
    database
        .sql(
            """
            insert into ops.audit_log (operator, action, about, address, details)
            values (:operator, :action, :about, :address, :details::jsonb)
            """)
        .param("operator", operator)
        .param("action", action)
        .param("about", about)
        .param("address", address)
        .param("details", StrictJson.text(details))
        .update();
  }

  private String email(UUID userId) {
    return database
        .sql("select email from accounts.users where id = ?")
        .param(userId)
        .query(String.class)
        .single();
  }
}
