package dev.behalf.compute.replicas;

import dev.behalf.compute.engines.ComputeRates;
import dev.behalf.compute.engines.ComputeSlots;
import dev.behalf.contract.StrictJson;
import java.util.UUID;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Reports this process as a row of {@code compute.replicas}: web-app dispatches as much work as all
 * replicas together can compute.
 */
@Component
class Replica implements DisposableBean {

  private final UUID id = UUID.randomUUID();
  private final ComputeSlots slots;
  private final ComputeRates rates;
  private final JdbcClient database;

  Replica(ComputeSlots slots, ComputeRates rates, JdbcClient database) {
    this.slots = slots;
    this.rates = rates;
    this.database = database;
  }

  @Scheduled(fixedDelayString = "2s")
  void beat() {
    try {
      database
          .sql(
              """
              insert into compute.replicas (id, places, rates, seen_at) values (:id, :places, :rates::jsonb, now())
              on conflict (id) do update
              set places = excluded.places, rates = excluded.rates, seen_at = excluded.seen_at
              """)
          .param("id", id)
          .param("places", slots.count())
          .param("rates", StrictJson.text(rates.millisPerKib()))
          .update();
      database
          .sql("delete from compute.replicas where seen_at < now() - interval '1 minute'")
          .update();
    } catch (DataAccessException | TransactionException databaseAway) {
      // The next report follows in 2 s; the readiness check shows that the database is away.
    }
  }

  /** Removes the row at shutdown, so that web-app no longer counts this replica's slots. */
  @Override
  public void destroy() {
    try {
      database.sql("delete from compute.replicas where id = ?").param(id).update();
    } catch (DataAccessException | TransactionException databaseAway) {
      // The row expires: web-app ignores it after 10 s, and a replica deletes it after a minute.
    }
  }
}
