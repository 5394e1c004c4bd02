package dev.behalf.bench;

import dev.behalf.standalone.UserError;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/** A system that runs jobs: Behalf, or its peer. The same code measures both. */
interface JobSystem {

  URI web();

  /** Returns the request that submits an echo job of one of the users in turn. */
  byte[] job(int number, String text);

  /** Queues echo jobs of all users in turn, without the requests. */
  void queue(int jobs) throws Exception;

  /** Suspends the workers, which stay warm, until {@link #letWorkersGo}. */
  void stopWorkers() throws Exception;

  void letWorkersGo() throws Exception;

  /** Waits until the last outcome is stored. */
  void awaitDrained(int minutes) throws InterruptedException;

  CpuClock cpu();

  /** Connects as the owner of the tables. */
  Connection database() throws SQLException;

  /** Returns the table of jobs, which has the columns created_at and finished_at. */
  String table();

  /** Returns the channel on which the database announces each job that has succeeded. */
  String channel();

  /**
   * Waits until the answer is false. It asks on a single connection, every 5 ms: more frequent
   * queries, a new connection for each, or reading the whole table would slow down what is
   * measured.
   */
  default void awaitNot(String question, int minutes) throws InterruptedException {
    try (var connection = database();
        var setting = connection.prepareStatement("set enable_seqscan = off");
        var query = connection.prepareStatement("select " + question)) {
      setting.execute();
      var deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
      while (true) {
        try (var row = query.executeQuery()) {
          row.next();
          if (!row.getBoolean(1)) {
            return;
          }
        }
        if (System.nanoTime() > deadline) {
          throw new UserError("After %d min it is still so: %s.".formatted(minutes, question));
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(question, e);
    }
  }
}
