package dev.behalf.web.operators.console;

import dev.behalf.contract.StorableText;
import dev.behalf.contract.WorkerHeartbeat;
import dev.behalf.server.sql.Timestamps;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The workers that sent a heartbeat within the last hour. */
@Component
class Workers {

  private static final int MAX_TEXT = 100;

  /** Four heartbeats. */
  private static final int SILENT_SECONDS = 20;

  private final JdbcClient database;
  private final InstantSource clock;

  Workers(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * A worker as of its last heartbeat.
   *
   * @param rate the jobs per second between its last two heartbeats
   */
  record Seen(
      UUID id,
      String name,
      String version,
      Instant startedAt,
      Instant heardAt,
      int inHand,
      long done,
      double rate,
      boolean isSilent) {}

  /** Returns the workers, the latest started first. */
  List<Seen> list() {
    var silent = clock.instant().minusSeconds(SILENT_SECONDS);
    return database
        .sql("select * from ops.workers order by started_at desc, id")
        .query(
            (row, index) -> {
              var heard = Timestamps.instant(row, "heard_at");
              return new Seen(
                  row.getObject("id", UUID.class),
                  row.getString("name"),
                  row.getString("version"),
                  Timestamps.instant(row, "started_at"),
                  heard,
                  row.getInt("in_hand"),
                  row.getLong("done"),
                  row.getDouble("rate"),
                  heard.isBefore(silent));
            })
        .list();
  }

  /** Stores a heartbeat; an older or repeated heartbeat changes nothing. */
  @Transactional
  public void heard(WorkerHeartbeat beat) {
    var now = Timestamps.of(clock.instant());
    database
        .sql(
            """
            insert into ops.workers (id, name, version, started_at, sent_at, heard_at, in_hand, done)
            values (:id, :name, :version, :started, :sent, :now, :in_hand, :done)
            on conflict (id) do update
            set name = excluded.name, version = excluded.version, sent_at = excluded.sent_at, heard_at = excluded.heard_at,
                in_hand = excluded.in_hand, done = excluded.done,
                rate = greatest(0, excluded.done - workers.done)
                       / extract(epoch from excluded.sent_at - workers.sent_at)
            where excluded.sent_at > workers.sent_at
            """)
        .param("id", beat.worker())
        .param("name", StorableText.shortened(beat.name(), MAX_TEXT))
        .param("version", StorableText.shortened(beat.version(), MAX_TEXT))
        .param("started", Timestamps.of(beat.startedAt()))
        .param("sent", Timestamps.of(beat.sentAt()))
        .param("now", now)
        .param("in_hand", beat.inHand())
        .param("done", beat.done())
        .update();
    database.sql("delete from ops.workers where heard_at < ?").param(now.minusHours(1)).update();
  }
}
