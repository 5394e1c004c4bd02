package dev.behalf.compute.quota;

import dev.behalf.contract.ProblemCode;
import dev.behalf.keyauth.KeyHolder;
import dev.behalf.problem.Problem;
import java.sql.Date;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The units that a key may cost on a day (UTC), where its user has set a cap: a brake on one key,
 * beside the quota, which is the user's. A job that was queued with a key counts for that key,
 * whichever managed key a worker comes with.
 */
@Component
public class KeyCaps {

  private final JdbcClient database;
  private final InstantSource clock;

  KeyCaps(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Charges the cap, inside the caller's transaction.
   *
   * @throws Problem {@code key_cap_reached}; nothing is charged then
   */
  public void charge(KeyHolder holder, @Nullable String originKeyId, long units) {
    var keyId = holder.isManaged() && originKeyId != null ? originKeyId : holder.keyId();
    var cap =
        keyId.equals(holder.keyId())
            ? Optional.ofNullable(holder.dailyCap())
            : cap(holder.userId(), keyId);
    if (cap.isPresent() && !tryCharge(holder.userId(), keyId, cap.get(), units)) {
      throw new Problem(
          ProblemCode.KEY_CAP_REACHED,
          "The key may cost %,d units a day (UTC): wait for tomorrow, raise its cap, or use another key."
              .formatted(cap.get()));
    }
  }

  /** A key that is not this user's has no cap here, and charges nobody's. */
  private Optional<Long> cap(UUID userId, String keyId) {
    return database
        .sql(
            "select daily_cap from accounts.api_keys where user_id = ? and key_id = ? and daily_cap is not null")
        .params(userId, keyId)
        .query(Long.class)
        .optional();
  }

  private boolean tryCharge(UUID userId, String keyId, long cap, long units) {
    return units <= cap
        && database
                .sql(
                    """
                    insert into compute.key_units (user_id, key_id, day, units) values (?, ?, ?, ?)
                    on conflict (user_id, key_id, day) do update set units = key_units.units + excluded.units
                    where key_units.units + excluded.units <= ?
                    """)
                .params(
                    userId,
                    keyId,
                    Date.valueOf(clock.instant().atOffset(ZoneOffset.UTC).toLocalDate()),
                    units,
                    cap)
                .update()
            == 1;
  }
}
