package dev.behalf.compute.replicas;

import dev.behalf.compute.engines.ComputeRates;
import dev.behalf.compute.engines.ComputeSlots;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.background.BackgroundLoop;
import java.time.Duration;
import java.util.UUID;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Reports this process as a row of {@code compute.replicas}. web-app dispatches as much work as all
 * replicas together can compute, and the runs of a replica are its own for as long as its lease
 * lasts. Others count the lease by the clock of the database; the replica itself stops earlier, by
 * its own clock.
 */
@Component
public class Replica implements SmartLifecycle {

  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration LEASE = Duration.ofSeconds(30);

  /** How long the replica counts on a lease after it has asked for it. */
  private static final Duration COUNTED_ON = Duration.ofSeconds(25);

  private final UUID id = UUID.randomUUID();
  private final ComputeSlots slots;
  private final ComputeRates rates;
  private final JdbcClient database;
  private final BackgroundLoop loop = new BackgroundLoop("replica", this::turn);

  /** When the last renewal that succeeded was sent, by {@link System#nanoTime}. */
  private volatile long renewed = System.nanoTime() - LEASE.toNanos();

  Replica(ComputeSlots slots, ComputeRates rates, JdbcClient database) {
    this.slots = slots;
    this.rates = rates;
    this.database = database;
  }

  public UUID id() {
    return id;
  }

  /** Returns whether runs of this replica are certainly its own. */
  public boolean isLeased() {
    return System.nanoTime() - renewed < COUNTED_ON.toNanos();
  }

  private void turn() {
    beat();
    loop.isWokenWithin(EVERY);
  }

  private void beat() {
    try {
      var sent = System.nanoTime();
      database
          .sql(
              """
              insert into compute.replicas (id, places, rates, seen_at, lease_until)
              values (:id, :places, :rates::jsonb, now(), now() + make_interval(secs => :lease))
              on conflict (id) do update
              set places = excluded.places, rates = excluded.rates, seen_at = excluded.seen_at,
                  lease_until = excluded.lease_until
              """)
          .param("id", id)
          .param("places", slots.count())
          .param("rates", StrictJson.text(rates.millisPerKib()))
          .param("lease", LEASE.toSeconds())
          .update();
      renewed = sent;
      database
          .sql("delete from compute.replicas where seen_at < now() - interval '1 minute'")
          .update();
    } catch (DataAccessException | TransactionException databaseAway) {
      // The next report follows in 2 s; the readiness check shows that the database is away.
    }
  }

  @Override
  public void start() {
    loop.start();
  }

  /** Removes the row at shutdown, so that web-app no longer counts this replica's slots. */
  @Override
  public void stop() {
    loop.stop(EVERY);
    try {
      database.sql("delete from compute.replicas where id = ?").param(id).update();
    } catch (DataAccessException | TransactionException databaseAway) {
      // The row expires: web-app ignores it after 10 s, and a replica deletes it after a minute.
    }
  }

  @Override
  public boolean isRunning() {
    return loop.isRunning();
  }

  /** Stops after the runs, which need the lease to their end. */
  @Override
  public int getPhase() {
    return 0;
  }
}
