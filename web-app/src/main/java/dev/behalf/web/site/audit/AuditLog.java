package dev.behalf.web.site.audit;

import dev.behalf.contract.Environment;
import dev.behalf.contract.StorableText;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.sql.Timestamps;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The audit log of accounts. An entry is written in the transaction of the action that it records,
 * or not at all. The database role may only add and read, so nobody changes an entry. A user's
 * entries are deleted with the account.
 */
@Component
public class AuditLog {

  private static final int MAX_TEXT = 200;

  private final JdbcClient database;
  private final InstantSource clock;

  AuditLog(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * An entry of the audit log.
   *
   * @param id grows with time; the cursor of a list
   * @param object id of the key, session, application, webhook or job
   */
  public record Entry(
      long id,
      Instant at,
      String actor,
      String action,
      @Nullable String object,
      @Nullable String address,
      @Nullable String userAgent,
      Map<String, Object> details) {}

  @Transactional(propagation = Propagation.MANDATORY)
  public void write(
      @Nullable UUID userId,
      Actor actor,
      String action,
      @Nullable String object,
      Map<String, ?> details) {
    database
        .sql(
            """
            insert into accounts.audit_log (user_id, at, actor, action, object, address, user_agent, details)
            values (:user, :at, :actor, :action, :object, :address, :user_agent, :details::jsonb)
            """)
        .param("user", userId)
        .param("at", Timestamps.of(clock.instant()))
        .param("actor", actor.credential())
        .param("action", action)
        .param("object", object)
        .param("address", actor.address())
        .param("user_agent", shortened(actor.userAgent()))
        .param("details", StrictJson.text(details))
        .update();
  }

  /**
   * Returns a user's entries, newest first.
   *
   * @param environment only entries about keys and webhooks of this environment; null for all
   *     entries
   * @param before id of the last entry on the previous page; null for the first page
   */
  public List<Entry> list(
      UUID userId, @Nullable Environment environment, @Nullable Long before, int limit) {
    return database
        .sql(
            """
            select id, at, actor, action, object, address, user_agent, details
            from accounts.audit_log l
            where user_id = :user and (:before::bigint is null or id < :before)
              and (:environment::text is null
                or (action like 'webhook.%' and details ->> 'environment' = :environment)
                or exists (
                  select 1 from accounts.api_keys k
                  where k.user_id = l.user_id and k.key_id = l.object and k.environment = :environment))
            order by id desc limit :limit
            """)
        .param("user", userId)
        .param("before", before)
        .param("environment", environment == null ? null : environment.wire())
        .param("limit", limit)
        .query((row, index) -> entry(row))
        .list();
  }

  @SuppressWarnings("unchecked") // the keys of a JSON object are strings
  private static Entry entry(java.sql.ResultSet row) throws java.sql.SQLException {
    return new Entry(
        row.getLong("id"),
        Timestamps.instant(row, "at"),
        row.getString("actor"),
        row.getString("action"),
        row.getString("object"),
        row.getString("address"),
        row.getString("user_agent"),
        StrictJson.MAPPER.readValue(row.getString("details"), Map.class));
  }

  private static @Nullable String shortened(@Nullable String text) {
    return text == null ? null : StorableText.shortened(text, MAX_TEXT);
  }
}
