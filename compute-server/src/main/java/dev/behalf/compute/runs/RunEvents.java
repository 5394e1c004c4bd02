package dev.behalf.compute.runs;

import dev.behalf.server.background.BackgroundLoop;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.server.sql.Timestamps;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes what the engines of all runs of this replica say: every 50 ms at most one statement and
 * one notification. Only an open run has events; what a stale one says is dropped by the statement.
 */
@Component
class RunEvents implements SmartLifecycle {

  /** Channel of the notifications for web-app: users and jobs. */
  private static final String SAID = "behalf_run_events";

  private static final Duration EVERY = Duration.ofMillis(50);
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Most jobs in a notification, which has less than 8,000 bytes. */
  private static final int NAMED = 90;

  /** Most logs in a statement: each has joined 100 ms of its run. */
  private static final int A_ROUND = 500;

  /** Text from which on a statement takes no more logs, in UTF-16 units. */
  private static final long LENGTH_OF_A_ROUND = 4L * 1024 * 1024;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final Notifications notifications;
  private final InstantSource clock;
  private final Set<RunLog> said = ConcurrentHashMap.newKeySet();
  private final ReentrantLock writing = new ReentrantLock();
  private final BackgroundLoop loop = new BackgroundLoop("run-events", this::turn);

  RunEvents(
      JdbcClient database,
      TransactionTemplate transaction,
      Notifications notifications,
      InstantSource clock) {
    this.database = database;
    this.transaction = transaction;
    this.notifications = notifications;
    this.clock = clock;
  }

  /** Has the log of a run written soon. */
  void add(RunLog log) {
    if (said.add(log)) {
      loop.wake();
    }
  }

  private void turn() {
    if (said.isEmpty()) {
      loop.isWokenWithin(IDLE);
    }
    try {
      write(due());
    } catch (DataAccessException | TransactionException notNow) {
      // Such as a database that is away. What was said stays, and is written in a later round.
    }
    pause();
  }

  /** Returns logs that are to be written, as many as one statement takes. */
  private List<RunLog> due() {
    var due = new ArrayList<RunLog>();
    long length = 0;
    for (var log : said) {
      if (due.size() < A_ROUND && length < LENGTH_OF_A_ROUND && log.isDue()) {
        due.add(log);
        length += log.length();
      }
    }
    return due;
  }

  /** Lets parts come together; a log that is woken in the meantime is not forgotten. */
  private void pause() {
    var until = System.nanoTime() + EVERY.toNanos();
    for (var left = EVERY.toNanos(); left > 0; left = until - System.nanoTime()) {
      loop.isWokenWithin(Duration.ofNanos(left).plusMillis(1));
    }
  }

  /** Writes the last words of a run, before its end. */
  void finish(RunLog log) {
    if (!log.isEmpty()) {
      write(List.of(log));
    }
    said.remove(log);
  }

  private record Said(RunLog log, RunLog.Event event) {}

  /** One at a time: what is written of a log is not taken again. */
  private void write(List<RunLog> logs) {
    if (logs.isEmpty()) {
      return;
    }
    writing.lock();
    try {
      writeTogether(logs);
    } catch (PessimisticLockingFailureException | DataIntegrityViolationException ofOne) {
      if (logs.size() == 1) {
        throw ofOne;
      }
      logs.forEach(this::writeAlone);
    } finally {
      writing.unlock();
    }
  }

  /** Writes one log; one that cannot be written now does not keep the others. */
  private void writeAlone(RunLog log) {
    try {
      writeTogether(List.of(log));
    } catch (PessimisticLockingFailureException | DataIntegrityViolationException notNow) {
      // Such as that of a user who is being deleted. What was said stays for a later round.
    }
  }

  private void writeTogether(List<RunLog> logs) {
    var events = new ArrayList<Said>();
    for (var log : logs) {
      log.take().forEach(event -> events.add(new Said(log, event)));
    }
    transaction.executeWithoutResult(
        status -> {
          // The row of a user who is being deleted is locked for as long as that takes.
          database.sql("set local lock_timeout = '200ms'").update();
          insert(events);
          notifications.send(SAID, jobs(logs));
        });
    for (var log : logs) {
      log.written();
      said.remove(log);
      if (!log.isEmpty()) {
        add(log);
      }
    }
  }

  private void insert(List<Said> events) {
    database
        .sql(
            """
            insert into compute.events (user_id, job_id, environment, seq, name, data, created_at)
            select e.user_id, e.job_id, e.environment, e.seq, e.name, e.data, :now
            from unnest(:users::uuid[], :jobs::uuid[], :environments::text[], :epochs::integer[], :seqs::bigint[],
                        :names::text[], :datas::text[])
              as e (user_id, job_id, environment, epoch, seq, name, data)
            join compute.runs r on r.user_id = e.user_id and r.job_id = e.job_id and r.environment = e.environment
              and r.epoch = e.epoch and r.state = 'open'
            on conflict do nothing
            """)
        .param("now", Timestamps.of(clock.instant()))
        .param("users", ids(events, said -> said.log().run().work().account().userId()))
        .param("jobs", ids(events, said -> said.log().run().work().jobId()))
        .param(
            "environments",
            texts(events, said -> said.log().run().work().account().environment().wire()))
        .param("epochs", events.stream().mapToInt(said -> said.log().run().epoch()).toArray())
        .param("seqs", events.stream().mapToLong(said -> said.event().seq()).toArray())
        .param("names", texts(events, said -> said.event().name()))
        .param("datas", texts(events, said -> said.event().data()))
        .update();
  }

  private static UUID[] ids(List<Said> events, Function<Said, UUID> id) {
    return events.stream().map(id).toArray(UUID[]::new);
  }

  private static String[] texts(List<Said> events, Function<Said, String> text) {
    return events.stream().map(text).toArray(String[]::new);
  }

  private static List<String> jobs(List<RunLog> logs) {
    var names =
        logs.stream()
            .map(log -> log.run().work().account().userId() + " " + log.run().work().jobId())
            .toList();
    var payloads = new ArrayList<String>();
    for (int i = 0; i < names.size(); i += NAMED) {
      payloads.add(String.join(",", names.subList(i, Math.min(names.size(), i + NAMED))));
    }
    return payloads;
  }

  @Override
  public void start() {
    loop.start();
  }

  @Override
  public void stop() {
    loop.stop(PATIENCE);
  }

  @Override
  public boolean isRunning() {
    return loop.isRunning();
  }

  /** Stops after the runs, whose last words it writes. */
  @Override
  public int getPhase() {
    return 0;
  }
}
