package dev.behalf.compute.quota;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.sql.Date;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Daily caps (UTC) on the units of single keys, set by their user in addition to the user's quota.
 * A job queued with a key counts for that key, whichever managed key the worker uses.
 */
@Component
public class KeyCaps {

  private final JdbcClient database;
  private final InstantSource clock;

  KeyCaps(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** A key of a user. */
  public record Key(UUID userId, String keyId) {}

  /**
   * The daily limit of a key and its use today, in units.
   *
   * @param used what was charged, and what is held for work under way
   */
  public record Cap(long limit, long used) {}

  /**
   * Returns the caps of the keys that have one; the caller holds the quota locks of their users. A
   * key that does not belong to the user has no cap here and is charged to nobody.
   */
  public Map<Key, Cap> read(Set<Key> keys) {
    var caps = new HashMap<Key, Cap>();
    if (keys.isEmpty()) {
      return caps;
    }
    database
        .sql(
            """
            select k.user_id, k.key_id, k.daily_cap, coalesce(u.units + u.held, 0) as units
            from unnest(:users::uuid[], :keys::text[]) as asked (user_id, key_id)
            join accounts.api_keys k using (user_id, key_id)
            left join compute.key_units u on u.user_id = k.user_id and u.key_id = k.key_id and u.day = :day
            where k.daily_cap is not null
            """)
        .param("users", keys.stream().map(Key::userId).toArray(UUID[]::new))
        .param("keys", keys.stream().map(Key::keyId).toArray(String[]::new))
        .param("day", today())
        .query(
            row -> {
              caps.put(
                  new Key(row.getObject("user_id", UUID.class), row.getString("key_id")),
                  new Cap(row.getLong("daily_cap"), row.getLong("units")));
            });
    return caps;
  }

  /** Adds units to the daily use of keys, inside the caller's transaction. */
  public void charge(Map<Key, Long> charges) {
    if (charges.isEmpty()) {
      return;
    }
    var keys = List.copyOf(charges.keySet());
    database
        .sql(
            """
            insert into compute.key_units (user_id, key_id, day, units)
            select user_id, key_id, :day, units
            from unnest(:users::uuid[], :keys::text[], :units::bigint[]) as charged (user_id, key_id, units)
            on conflict (user_id, key_id, day) do update set units = key_units.units + excluded.units
            """)
        .param("users", keys.stream().map(Key::userId).toArray(UUID[]::new))
        .param("keys", keys.stream().map(Key::keyId).toArray(String[]::new))
        .param("units", keys.stream().mapToLong(charges::get).toArray())
        .param("day", today())
        .update();
  }

  /** Returns the problem for a job that would exceed the cap. */
  public static Problem reached(long limit) {
    return new Problem(
        ProblemCode.KEY_CAP_REACHED,
        "The daily cap of the key is %,d units (UTC): wait until tomorrow, raise the cap, or use another key."
            .formatted(limit));
  }

  private Date today() {
    return Date.valueOf(clock.instant().atOffset(ZoneOffset.UTC).toLocalDate());
  }
}
