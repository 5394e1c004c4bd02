package dev.behalf.compute.runs;

import dev.behalf.compute.replicas.Replica;
import dev.behalf.compute.runs.OpenRun.Why;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.background.BackgroundLoop;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.server.problem.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The runs that this replica has open, each on a virtual thread that waits for its engine. A run is
 * stopped when its owner cancels the job or is gone, when this replica loses its lease, and when it
 * is shut down and the grace time is over.
 */
@Component
class OpenRuns implements SmartLifecycle, Notifications.Listener {

  /** Channel of the notifications of web-app that a job with an open run is to be cancelled. */
  private static final String CANCELLED = "behalf_runs_cancelled";

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration STORE_AGAIN_AFTER = Duration.ofSeconds(1);
  private static final Duration ORPHANED_FOR = Duration.ofSeconds(2);

  /** How long the ends of runs may take to be stored when the server stops. */
  private static final Duration TO_STORE = Duration.ofSeconds(5);

  private final RunRows rows;
  private final RunEnds ends;
  private final RunEvents said;
  private final Places places;
  private final Replica replica;
  private final RunSettings settings;
  private final ApplicationEventPublisher events;
  private final Map<Key, OpenRun> open = new ConcurrentHashMap<>();

  /** Jobs that are being taken: their runs may be stored already, and have no thread yet. */
  private final Map<UUID, Integer> starting = new ConcurrentHashMap<>();

  /** Since when nothing was seen to work on a row of this replica, by {@link System#nanoTime}. */
  private Map<Key, Long> orphans = Map.of();

  private final BackgroundLoop loop = new BackgroundLoop("runs", this::turn);

  OpenRuns(
      RunRows rows,
      RunEnds ends,
      RunEvents said,
      Places places,
      Replica replica,
      RunSettings settings,
      Notifications notifications,
      ApplicationEventPublisher events) {
    this.rows = rows;
    this.ends = ends;
    this.said = said;
    this.places = places;
    this.replica = replica;
    this.settings = settings;
    this.events = events;
    notifications.listen(CANCELLED, this);
  }

  private record Key(UUID userId, UUID jobId, int epoch) {
    static Key of(Run run) {
      return new Key(run.work().account().userId(), run.work().jobId(), run.epoch());
    }
  }

  /** Announces that the job is being taken, until {@link #started}. */
  void starting(UUID jobId) {
    starting.merge(jobId, 1, Integer::sum);
  }

  void started(UUID jobId) {
    starting.computeIfPresent(jobId, (same, calls) -> calls == 1 ? null : calls - 1);
  }

  /** Begins the work of a run on a thread of its own. */
  void begin(OpenRun.Begun begun) {
    var run = new OpenRun(begun, said);
    open.put(Key.of(begun.run()), run);
    if (places.isClosed()) {
      run.stop(Why.HANDED_BACK);
    }
    Thread.ofVirtual().name("run").start(() -> work(run));
  }

  private void work(OpenRun run) {
    var work = run.begun().run().work();
    try (var place = run.begun().place();
        var jobId = MDC.putCloseable("job_id", work.jobId().toString());
        var userId = MDC.putCloseable("user_id", work.account().userId().toString())) {
      events.publishEvent(
          new RunEvent.Started(
              work.account().environment(),
              work.operation(),
              work.jobId(),
              run.begun().run().epoch()));
      var outcome = run.compute();
      if (run.isGone()) {
        tell(run, null);
      } else {
        store(run, outcome);
      }
    } finally {
      open.remove(Key.of(run.begun().run()));
    }
  }

  /** Stores the end of a run, again and again while the database is away. */
  private void store(OpenRun run, RunEnds.Outcome outcome) {
    var storing = outcome;
    int tries = 0;
    while (true) {
      try {
        var begun = run.begun();
        run.sayTheRest(tries++);
        var end =
            ends.end(begun.run(), begun.hold(), begun.greatest(), run.chargedOnCancel(), storing);
        tell(run, end.orElse(null));
        return;
      } catch (DataAccessException | TransactionException failed) {
        events.publishEvent(
            new RunEvent.NotStored(
                run.begun().run().work().jobId(), failed.getClass().getSimpleName()));
        if (failed instanceof DataIntegrityViolationException) {
          storing =
              new RunEnds.Outcome.Failed(
                  new Problem(ProblemCode.ENGINE_FAILED, "What the engine sent cannot be stored."));
        }
      }
      if (!isPausedFor(STORE_AGAIN_AFTER)) {
        return;
      }
    }
  }

  private void tell(OpenRun run, @Nullable RunEnd end) {
    var work = run.begun().run().work();
    var environment = work.account().environment();
    events.publishEvent(
        end == null
            ? new RunEvent.Discarded(environment, work.operation(), work.jobId())
            : new RunEvent.Ended(
                environment, work.operation(), work.jobId(), RunRows.state(end).wire(), run.age()));
  }

  private void turn() {
    loop.isWokenWithin(LOOK_EVERY);
    if (!replica.isLeased()) {
      open.values().forEach(run -> run.stop(Why.LEASE_OVER));
    }
    try {
      look();
    } catch (DataAccessException | TransactionException databaseAway) {
      // The next look follows; without the database the lease ends.
    }
  }

  /** Compares what the rows say with what is running here. */
  private void look() {
    var here = Map.copyOf(open);
    var watched =
        rows.openOf(replica.id()).stream()
            .collect(Collectors.toMap(row -> Key.of(row.run()), row -> row));
    here.forEach(
        (key, run) -> {
          var row = watched.get(key);
          if (row == null) {
            run.stop(Why.GONE);
          } else if (row.isCancelled()) {
            run.stop(Why.CANCELLED);
          } else if (row.isDisabled()) {
            run.stop(Why.HANDED_BACK);
          }
        });
    endOrphans(watched);
  }

  /**
   * Ends what nothing works on here for some time, such as a run whose opening was committed while
   * the connection to the database was lost.
   */
  private void endOrphans(Map<Key, RunRows.Watched> watched) {
    var now = System.nanoTime();
    var alone = new HashMap<Key, Long>();
    watched.forEach(
        (key, row) -> {
          if (!open.containsKey(key) && !starting.containsKey(key.jobId())) {
            alone.put(key, orphans.getOrDefault(key, now));
          }
        });
    orphans = alone;
    alone.forEach(
        (key, since) -> {
          if (now - since >= ORPHANED_FOR.toNanos()) {
            endOrphan(watched.get(key));
          }
        });
  }

  private void endOrphan(RunRows.@Nullable Watched orphan) {
    try {
      if (orphan != null) {
        ends.endOrphan(orphan.run());
      }
    } catch (DataAccessException | TransactionException notNow) {
      // The next look tries again; one does not keep the others.
    }
  }

  @Override
  public void received(String ids) {
    loop.wake();
  }

  @Override
  public void resumed() {
    loop.wake();
  }

  @Override
  public void start() {
    places.open();
    loop.start();
  }

  @Override
  public void stop(Runnable whenStopped) {
    places.close();
    Thread.ofVirtual()
        .name("runs-stop")
        .start(
            () -> {
              awaitNone(settings.grace());
              open.values().forEach(run -> run.stop(Why.HANDED_BACK));
              awaitNone(TO_STORE);
              loop.stop(LOOK_EVERY);
              whenStopped.run();
            });
  }

  private void awaitNone(Duration patience) {
    var until = System.nanoTime() + patience.toNanos();
    while (!(open.isEmpty() && places.isEmpty())
        && System.nanoTime() < until
        && isPausedFor(Duration.ofMillis(50))) {}
  }

  static boolean isPausedFor(Duration pause) {
    try {
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
      return true;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void stop() {
    stop(() -> {});
  }

  @Override
  public boolean isRunning() {
    return loop.isRunning();
  }
}
