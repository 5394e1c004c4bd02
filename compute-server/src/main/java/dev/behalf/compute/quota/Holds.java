package dev.behalf.compute.quota;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Units that are held while work runs whose cost is known only afterwards: the greatest cost,
 * within the quota and the cap of the key. A hold counts for the month and the day in which it
 * began. It ends with its work or, where a server was lost with it, after its lease.
 *
 * <p>All methods that change something need the locks of {@link Quota#lockUsers} and of {@link
 * Quota#lock} for the month of the hold, in this order. {@code quota.held} and {@code
 * key_units.held} are therefore always the sums of the rows.
 */
@Component
public class Holds {

  private static final String COLUMNS =
      """
      user_id, job_id, environment, fence, operation, operation_version, fingerprint, units, period, day, capped_key_id,
      greatest(extract(epoch from lease_until - now()), 0) as lease
      """;

  private final JdbcClient database;
  private final InstantSource clock;

  Holds(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * The work that units are held for.
   *
   * @param fingerprint the fingerprint of the input
   */
  public record Work(
      Account account, UUID jobId, String operation, int version, byte[] fingerprint) {}

  /**
   * An open hold.
   *
   * @param fence a fencing token, new for each server that takes the work; only the latest counts
   * @param cappedKeyId the key whose daily cap is held as well; null for none
   * @param lease what is left of the lease, by the clock of the database; zero after its end
   */
  public record Hold(
      Work work,
      long fence,
      long units,
      Period period,
      LocalDate day,
      @Nullable String cappedKeyId,
      Duration lease) {

    public boolean isLeased() {
      return !lease.isZero();
    }
  }

  /** Returns the open hold of a job, without a lock. */
  public Optional<Hold> find(Account account, UUID jobId) {
    return database
        .sql(
            "select "
                + COLUMNS
                + " from compute.holds where user_id = ? and job_id = ? and environment = ?")
        .params(account.userId(), jobId, account.environment().wire())
        .query(Holds::hold)
        .optional();
  }

  /** Returns holds whose lease has ended. */
  public List<Hold> overdue(int limit) {
    return database
        .sql(
            "select "
                + COLUMNS
                + " from compute.holds where lease_until <= now() order by lease_until limit ?")
        .param(limit)
        .query(Holds::hold)
        .list();
  }

  /**
   * Holds units, which must be left.
   *
   * @param cappedKeyId the key whose daily cap is held as well; null for none
   */
  public Hold open(
      Work work, long units, Period period, @Nullable String cappedKeyId, Duration lease) {
    var hold =
        database
            .sql(
                """
                insert into compute.holds (user_id, job_id, environment, operation, operation_version, fingerprint, units,
                                           period, day, capped_key_id, held_at, lease_until)
                values (:user, :job, :environment, :operation, :version, :fingerprint, :units, :period, :day, :key, now(),
                        now() + make_interval(secs => :lease))
                returning
                """
                    + COLUMNS)
            .param("user", work.account().userId())
            .param("job", work.jobId())
            .param("environment", work.account().environment().wire())
            .param("operation", work.operation())
            .param("version", work.version())
            .param("fingerprint", work.fingerprint())
            .param("units", units)
            .param("period", period.name())
            .param("day", Date.valueOf(today()))
            .param("key", cappedKeyId)
            .param("lease", lease.toMillis() / 1e3)
            .query(Holds::hold)
            .single();
    if (cappedKeyId != null) {
      openDay(hold);
    }
    add(hold, units, 0);
    return hold;
  }

  private void openDay(Hold hold) {
    database
        .sql(
            """
            insert into compute.key_units (user_id, key_id, day, units) values (:user, :key, :day, 0)
            on conflict do nothing
            """)
        .param("user", hold.work().account().userId())
        .param("key", hold.cappedKeyId())
        .param("day", Date.valueOf(hold.day()))
        .update();
  }

  /**
   * Takes over the work of a server whose lease has ended: what is held stays held.
   *
   * @return empty if another server was faster, or the hold has ended
   */
  public Optional<Hold> takeOver(Hold hold, Duration lease) {
    return database
        .sql(
            """
            update compute.holds set fence = nextval('compute.hold_fences'), lease_until = now() + make_interval(secs => :lease)
            where user_id = :user and job_id = :job and environment = :environment and fence = :fence
              and lease_until <= now()
            returning
            """
                + COLUMNS)
        .param("lease", lease.toMillis() / 1e3)
        .param("user", hold.work().account().userId())
        .param("job", hold.work().jobId())
        .param("environment", hold.work().account().environment().wire())
        .param("fence", hold.fence())
        .query(Holds::hold)
        .optional();
  }

  /**
   * Ends a hold.
   *
   * @param charged the units that its work cost, at most those that are held
   * @return whether the hold was open with this fence: otherwise nothing has changed, and nothing
   *     may be charged
   */
  public boolean end(Hold hold, long charged) {
    return end(hold, charged, "");
  }

  /** Ends a hold without a charge, unless its lease goes on. */
  public boolean endOverdue(Hold hold) {
    return end(hold, 0, " and lease_until <= now()");
  }

  private boolean end(Hold hold, long charged, String condition) {
    var ended =
        database
            .sql(
                "delete from compute.holds where user_id = ? and job_id = ? and environment = ? and fence = ?"
                    + condition)
            .params(
                hold.work().account().userId(),
                hold.work().jobId(),
                hold.work().account().environment().wire(),
                hold.fence())
            .update();
    if (ended == 0) {
      return false;
    }
    add(hold, -hold.units(), charged);
    return true;
  }

  private void add(Hold hold, long held, long used) {
    var account = hold.work().account();
    database
        .sql(
            """
            update compute.quota set held = held + :held, used = used + :used
            where user_id = :user and environment = :environment and period = :period
            """)
        .param("held", held)
        .param("used", used)
        .param("user", account.userId())
        .param("environment", account.environment().wire())
        .param("period", hold.period().name())
        .update();
    if (hold.cappedKeyId() == null) {
      return;
    }
    // Where the key was deleted meanwhile, with its application, there is nothing to count.
    database
        .sql(
            """
            update compute.key_units set units = units + :used, held = held + :held
            where user_id = :user and key_id = :key and day = :day
            """)
        .param("user", account.userId())
        .param("key", hold.cappedKeyId())
        .param("day", Date.valueOf(hold.day()))
        .param("used", used)
        .param("held", held)
        .update();
  }

  private LocalDate today() {
    return clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
  }

  private static Hold hold(ResultSet row, int index) throws SQLException {
    return new Hold(
        new Work(
            new Account(
                row.getObject("user_id", UUID.class), Environment.of(row.getString("environment"))),
            row.getObject("job_id", UUID.class),
            row.getString("operation"),
            row.getInt("operation_version"),
            row.getBytes("fingerprint")),
        row.getLong("fence"),
        row.getLong("units"),
        Period.find(row.getString("period")).orElseThrow(),
        row.getObject("day", LocalDate.class),
        row.getString("capped_key_id"),
        Duration.ofMillis((long) Math.ceil(row.getDouble("lease") * 1e3)));
  }
}
