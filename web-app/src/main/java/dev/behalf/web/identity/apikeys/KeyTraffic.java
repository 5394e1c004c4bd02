package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.Environment;
import dev.behalf.server.sql.Timestamps;
import java.sql.Date;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The use of each key, as counted by both servers; up to a minute behind. */
@Component
public class KeyTraffic {

  /** Days that the figures are shown for, today included. */
  static final int DAYS = 30;

  private final JdbcClient database;
  private final InstantSource clock;

  KeyTraffic(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * The calls with one key on one day (UTC).
   *
   * @param calls number of accepted calls
   * @param refused number of refused calls, by reason
   */
  public record KeyDay(
      LocalDate day,
      String keyId,
      Environment environment,
      long calls,
      Map<String, Long> refused) {}

  /** The calls with one key on one day (UTC), accepted and refused. */
  record DayCount(LocalDate day, long calls, long refused) {}

  /** Returns the charts of all keys that were used in the last 30 days, by the id of the key. */
  Map<String, Sparkline> sparklines(UUID userId) {
    var days = new HashMap<String, List<DayCount>>();
    database
        .sql(
            """
            select key_id, day, sum(calls) as calls, sum(refused) as refused
            from (select key_id, day, calls, 0 as refused from accounts.key_days where user_id = :user and day > :since
                  union all
                  select key_id, day, 0, calls from accounts.key_refusals where user_id = :user and day > :since) counted
            group by key_id, day
            """)
        .param("user", userId)
        .param("since", since())
        .query(
            row -> {
              days.computeIfAbsent(row.getString("key_id"), key -> new ArrayList<>())
                  .add(
                      new DayCount(
                          row.getObject("day", LocalDate.class),
                          row.getLong("calls"),
                          row.getLong("refused")));
            });
    var charts = new HashMap<String, Sparkline>();
    days.forEach((key, counted) -> charts.put(key, Sparkline.of(counted, today())));
    return charts;
  }

  /** Returns the last 30 days, newest first. */
  public List<KeyDay> days(UUID userId) {
    record At(LocalDate day, String keyId) {}
    var refused = new HashMap<At, Map<String, Long>>();
    database
        .sql(
            "select day, key_id, reason, calls from accounts.key_refusals where user_id = ? and day > ?")
        .params(userId, since())
        .query(
            row -> {
              refused
                  .computeIfAbsent(
                      new At(row.getObject("day", LocalDate.class), row.getString("key_id")),
                      at -> new TreeMap<>())
                  .put(row.getString("reason"), row.getLong("calls"));
            });
    return database
        .sql(
            """
            select d.day, k.key_id, k.environment, coalesce(c.calls, 0) as calls
            from (select user_id, key_id, day from accounts.key_days where user_id = :user and day > :since
                  union
                  select user_id, key_id, day from accounts.key_refusals where user_id = :user and day > :since) d
            join accounts.api_keys k using (user_id, key_id)
            left join accounts.key_days c using (user_id, key_id, day)
            order by d.day desc, k.key_id
            """)
        .param("user", userId)
        .param("since", since())
        .query(
            (row, index) -> {
              var at = new At(row.getObject("day", LocalDate.class), row.getString("key_id"));
              return new KeyDay(
                  at.day(),
                  at.keyId(),
                  Environment.of(row.getString("environment")),
                  row.getLong("calls"),
                  refused.getOrDefault(at, Map.of()));
            })
        .list();
  }

  Map<String, KeyView.LastUse> lastUses(UUID userId) {
    var uses = new HashMap<String, KeyView.LastUse>();
    database
        .sql(
            "select key_id, used_at, address, user_agent from accounts.key_last_used where user_id = ?")
        .param(userId)
        .query(
            row -> {
              uses.put(
                  row.getString("key_id"),
                  new KeyView.LastUse(
                      Timestamps.instant(row, "used_at"),
                      row.getString("address"),
                      row.getString("user_agent")));
            });
    return uses;
  }

  private Date since() {
    return Date.valueOf(today().minusDays(DAYS));
  }

  private LocalDate today() {
    return clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
  }
}
