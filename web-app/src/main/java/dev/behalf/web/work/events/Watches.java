package dev.behalf.web.work.events;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.background.BackgroundLoop;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Admissions;
import dev.behalf.web.work.events.EventRows.Part;
import dev.behalf.web.work.events.Watch.Batch;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Reads what is new for everybody who watches a job of this replica, with one statement for all:
 * when a notification names jobs, and each second for all of them.
 */
@Component
class Watches implements SmartLifecycle {

  /** Channel on which compute-server names the jobs whose engines have said something. */
  private static final String SAID = "behalf_run_events";

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Most streams of one user in this replica. */
  private static final int MAX_OF_USER = 20;

  private static final int MAX = 5_000;

  /** Most watches in a statement: each may bring 64 KiB. */
  private static final int A_ROUND = 100;

  /** Between two rounds more may come together. */
  private static final Duration REST = Duration.ofMillis(10);

  private final EventRows rows;
  private final Admissions admissions;
  private final Set<Watch> open = ConcurrentHashMap.newKeySet();
  private final Set<UUID> told = ConcurrentHashMap.newKeySet();
  private final BackgroundLoop loop = new BackgroundLoop("job-events", this::turn);
  private volatile boolean isStale;
  private volatile boolean isStopped;
  private long polled = System.nanoTime() - POLL.toNanos();

  Watches(EventRows rows, Admissions admissions, Notifications notifications) {
    this.rows = rows;
    this.admissions = admissions;
    notifications.listen(SAID, new Words());
    notifications.listen(JobChanges.CHANNEL, new Ends());
  }

  /** Hears which jobs have something new. */
  private final class Words implements Notifications.Listener {
    @Override
    public void received(String payload) {
      if (open.isEmpty()) {
        return;
      }
      for (var ids : payload.split(",", -1)) {
        told.add(UUID.fromString(ids.substring(ids.indexOf(' ') + 1)));
      }
      loop.wake();
    }

    @Override
    public void resumed() {
      isStale = true;
      loop.wake();
    }
  }

  /** Hears which jobs have ended. */
  private final class Ends implements Notifications.Listener {
    @Override
    public void received(String payload) {
      if (open.isEmpty()) {
        return;
      }
      JobChanges.Notification.read(payload).changes().stream()
          .filter(change -> change.state().isFinal())
          .map(JobChanges.Change::jobId)
          .forEach(told::add);
      loop.wake();
    }

    @Override
    public void resumed() {
      isStale = true;
      loop.wake();
    }
  }

  /**
   * Begins a watch.
   *
   * @throws Problem {@code rate_limited} if the user has too many, and {@code unavailable} if all
   *     users together have
   */
  void add(Watch watch) {
    if (isStopped || open.size() >= MAX) {
      throw Problem.unavailable();
    }
    if (open.stream().filter(other -> other.userId().equals(watch.userId())).count()
        >= MAX_OF_USER) {
      throw new Problem(
              ProblemCode.RATE_LIMITED,
              "You have %d open streams: close one.".formatted(MAX_OF_USER))
          .with("Retry-After", "15");
    }
    open.add(watch);
    if (isStopped) {
      watch.close();
    }
    told.add(watch.jobId());
    loop.wake();
  }

  void remove(Watch watch) {
    open.remove(watch);
    watch.close();
  }

  /** Has a watch read again that has taken its batch. */
  void goOn(Watch watch) {
    told.add(watch.jobId());
    loop.wake();
  }

  private void turn() {
    loop.isWokenWithin(POLL);
    var isAll = isStale || System.nanoTime() - polled >= POLL.toNanos();
    isStale = false;
    var named = Set.copyOf(told);
    told.removeAll(named);
    var ready =
        open.stream()
            .filter(Watch::isReady)
            .filter(watch -> isAll || named.contains(watch.jobId()))
            .toList();
    try {
      for (int i = 0; i < ready.size(); i += A_ROUND) {
        read(ready.subList(i, Math.min(ready.size(), i + A_ROUND)));
      }
      if (isAll) {
        polled = System.nanoTime();
      }
    } catch (DataAccessException | TransactionException databaseAway) {
      // The next round reads all again, from the number that each watch has come to.
      isStale = true;
    }
    LockSupport.parkNanos(REST.toNanos());
  }

  /** Reads the ends first: what was said before an end is visible then. */
  private void read(List<Watch> watches) {
    var ends = rows.ends(watches);
    var said = rows.after(watches);
    for (int i = 0; i < watches.size(); i++) {
      var watch = watches.get(i);
      var part = said.getOrDefault(i, Part.NOTHING);
      var end = part.isAll() ? ends.get(watch.jobId()) : null;
      if (!part.said().isEmpty() || end != null) {
        watch.tell(new Batch(part.said(), end));
      }
    }
  }

  /** Closes the watches of ended sessions, of revoked keys and of tokens that have expired. */
  @Scheduled(fixedDelayString = "1s")
  void endWithCredentials() {
    if (open.isEmpty()) {
      return;
    }
    try {
      var ended =
          admissions.ended(open.stream().map(Watch::credential).collect(Collectors.toSet()));
      open.stream().filter(watch -> ended.contains(watch.credential())).forEach(Watch::close);
    } catch (DataAccessException | TransactionException databaseAway) {
      // Nothing new is read either while the database is away.
    }
  }

  @Override
  public void start() {
    isStopped = false;
    loop.start();
  }

  @Override
  public void stop() {
    isStopped = true;
    open.forEach(Watch::close);
    loop.stop(PATIENCE);
  }

  @Override
  public boolean isRunning() {
    return loop.isRunning();
  }
}
