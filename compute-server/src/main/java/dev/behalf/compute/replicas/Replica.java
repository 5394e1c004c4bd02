package dev.behalf.compute.replicas;

import dev.behalf.compute.engines.Places;
import dev.behalf.compute.engines.Rates;
import dev.behalf.contract.StrictJson;
import java.util.UUID;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** This process, as a row: web-app dispatches as much as all of them can compute. */
@Component
class Replica implements DisposableBean {

  private final UUID id = UUID.randomUUID();
  private final Places places;
  private final Rates rates;
  private final JdbcClient database;

  Replica(Places places, Rates rates, JdbcClient database) {
    this.places = places;
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
          .param("places", places.count())
          .param("rates", StrictJson.text(rates.millisPerKib()))
          .update();
      database
          .sql("delete from compute.replicas where seen_at < now() - interval '1 minute'")
          .update();
    } catch (DataAccessException | TransactionException databaseAway) {
      // The next one comes in two seconds; readiness says that the database is away.
    }
  }

  /** Nothing is to be sent to it any more. */
  @Override
  public void destroy() {
    try {
      database.sql("delete from compute.replicas where id = ?").param(id).update();
    } catch (DataAccessException | TransactionException databaseAway) {
      // Its row ends by its age.
    }
  }
}
