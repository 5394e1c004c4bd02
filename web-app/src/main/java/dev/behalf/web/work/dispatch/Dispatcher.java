package dev.behalf.web.work.dispatch;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Pool;
import dev.behalf.server.background.BackgroundLoop;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.start.WarmUp;
import dev.behalf.web.work.jobs.EnginePlaces;
import dev.behalf.web.work.jobs.JobEvent;
import dev.behalf.web.work.jobs.JobsSettings;
import dev.behalf.web.work.jobs.Submissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves jobs from the table to the broker, in the order of the fair queue. The broker holds only as
 * many jobs as workers will soon receive. A job that still waits in the table can be overtaken by a
 * user who has nothing in flight, cancelled or paused, and its lease does not run. Costly jobs in
 * flight are limited to what the compute-servers can compute soon; the rest waits in the table, so
 * no quick job waits behind them. Test jobs are dispatched when no live job waits.
 *
 * <p>A round marks and publishes jobs in one transaction. If the process crashes after the publish
 * and before the commit, the jobs are published again; that is harmless, because each job is
 * computed and charged once. Any number of replicas may run.
 */
@Component
class Dispatcher implements SmartLifecycle, Notifications.Listener, WarmUp {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration REST = Duration.ofMillis(20);

  /** A round of at least this number of jobs means that more will come soon. */
  private static final int MANY = 3;

  /** Divisor for the free part that is worth a round: until half is free, workers have enough. */
  private static final int WORTH_A_ROUND = 2;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Quick work needs no compute slot: it never reaches this limit on computing time. */
  private static final Duration UNBOUNDED = Duration.ofDays(1);

  /**
   * Most jobs in flight of operations with engines of their own, and most test jobs of them. Each
   * occupies a place at a worker while its engine works: half of the places of one worker stay for
   * jobs that take no time.
   */
  private static final int MOST_OF_OPERATIONS = 128;

  private static final int MOST_TEST_OF_OPERATIONS = 16;

  private final FairQueue dispatched;
  private final ComputeReplicas replicas;
  private final EnginePlaces engines;
  private final JobPublisher publisher;
  private final AmqpAdmin broker;
  private final WaitingMessages waiting;
  private final TransactionTemplate transaction;
  private final JobsSettings settings;
  private final ApplicationEventPublisher events;
  private final BackgroundLoop loop = new BackgroundLoop("dispatcher", this::turn);

  /**
   * Whether any free room is worth a round, because nothing was sent and nothing woke the loop for
   * a while.
   */
  private boolean hurry;

  Dispatcher(
      FairQueue dispatched,
      ComputeReplicas replicas,
      EnginePlaces engines,
      JobPublisher publisher,
      AmqpAdmin broker,
      TransactionTemplate transaction,
      JobsSettings settings,
      ApplicationEventPublisher events,
      Notifications notifications) {
    this.dispatched = dispatched;
    this.replicas = replicas;
    this.engines = engines;
    this.publisher = publisher;
    this.broker = broker;
    this.waiting = new WaitingMessages(broker, waiting(settings) / WORTH_A_ROUND);
    this.transaction = transaction;
    this.settings = settings;
    this.events = events;
    notifications.listen(Submissions.QUEUED, this);
  }

  /** Starts the next round without waiting for the poll: a job was stored, or room is free. */
  void wake() {
    loop.wake();
  }

  @EventListener
  void on(JobEvent event) {
    switch (event) {
      case JobEvent.Submitted e -> wake();
      case JobEvent.BatchSubmitted e -> wake();
      case JobEvent.BatchSettled e -> wake();
      case JobEvent.Cancelled e -> wake();
      default -> {}
    }
  }

  @Override
  public void received(String word) {
    wake();
  }

  @Override
  public void resumed() {
    wake();
  }

  @Override
  public void start() {
    loop.start();
  }

  /** Stops the loop and waits up to 15 s for the current round. */
  @Override
  public void stop() {
    loop.stop(Duration.ofSeconds(15));
  }

  @Override
  public boolean isRunning() {
    return loop.isRunning();
  }

  private void turn() {
    try {
      var start = System.nanoTime();
      var round = round();
      rest(round, Duration.ofNanos(System.nanoTime() - start));
      hurry = !round.hasSent() && !loop.isWokenWithin(POLL);
    } catch (RuntimeException failed) {
      events.publishEvent(new JobEvent.DispatchFailed(String.valueOf(failed.getMessage())));
      hurry = !loop.isWokenWithin(PAUSE);
    }
  }

  private enum Round {
    SENT_MANY,
    SENT_FEW,
    NOTHING,
    /** Enough jobs are in flight. */
    FULL;

    static Round sent(int jobs) {
      return jobs == 0 ? NOTHING : jobs < MANY ? SENT_FEW : SENT_MANY;
    }

    /** Returns whether the round sent jobs; more may be queued. */
    boolean hasSent() {
      return this == SENT_MANY || this == SENT_FEW;
    }
  }

  private Round round() {
    var standings = dispatched.standing();
    var live = standings.live();
    var test = standings.test();
    if (!live.isQueued() && !test.isQueued()) {
      return Round.NOTHING;
    }
    var capacity = replicas.capacity();
    int slow =
        sendAlone(
            "costly jobs", Pool.COSTLY::equals, live, test, () -> sendCostly(live, test, capacity));
    slow +=
        sendAlone(
            "jobs of engines", Pool::isOfOperation, live, test, () -> sendOfOperations(capacity));
    var liveRoom = room(Environment.LIVE, live, capacity);
    int quick = live.isQueued(Pool.QUICK) ? send(Environment.LIVE, Pool.QUICK, liveRoom) : 0;
    if (quick < liveRoom.jobs() && test.isQueued(Pool.QUICK)) {
      quick += send(Environment.TEST, Pool.QUICK, room(Environment.TEST, test, capacity));
    }
    var sent = Round.sent(quick + slow);
    return sent == Round.NOTHING && liveRoom.jobs() == 0 ? Round.FULL : sent;
  }

  /**
   * Sends jobs of some pools, if there are any and no other replica is doing so; test jobs get what
   * live jobs leave.
   */
  private int sendAlone(
      String kind,
      Predicate<Pool> which,
      FairQueue.Standing live,
      FairQueue.Standing test,
      IntSupplier send) {
    if (Stream.concat(live.queued().stream(), test.queued().stream()).noneMatch(which)) {
      return 0;
    }
    return Objects.requireNonNull(
        transaction.execute(status -> dispatched.lock(kind) ? send.getAsInt() : 0));
  }

  /**
   * Sends jobs of operations with engines of their own, up to what each engine may do at once. The
   * figures are read again under the lock, and the pools taken in another order each time, so that
   * none is the last for ever.
   */
  private int sendOfOperations(Capacity capacity) {
    var standings = dispatched.standing();
    var live = standings.live();
    var test = standings.test();
    var pools =
        new ArrayList<>(
            Stream.concat(live.queued().stream(), test.queued().stream())
                .filter(Pool::isOfOperation)
                .distinct()
                .toList());
    Collections.shuffle(pools);
    var out = live.ofOperations().plus(test.ofOperations());
    long bytes = (settings.windowBytes().toBytes() - out.bytes()) / Math.max(1, pools.size());
    int all = MOST_OF_OPERATIONS - out.jobs();
    int ofTest = MOST_TEST_OF_OPERATIONS - test.ofOperations().jobs();
    int sent = 0;
    for (var pool : pools) {
      var places = engines.of(pool);
      int room =
          places.room(
              live.out(pool).jobs() + test.out(pool).jobs(),
              live.running(pool) + test.running(pool));
      for (var environment : Environment.values()) {
        var standing = environment == Environment.LIVE ? live : test;
        if (standing.isQueued(pool)) {
          int jobs = Math.min(room, all - sent);
          int now =
              send(
                  environment,
                  pool,
                  new FairQueue.Room(
                      environment == Environment.LIVE
                          ? jobs
                          : Math.min(jobs, Math.min(ofTest, ofTest(places, test, pool))),
                      bytes,
                      UNBOUNDED,
                      capacity,
                      places.perUser(),
                      places.perUser()));
          room -= now;
          sent += now;
          ofTest -= environment == Environment.TEST ? now : 0;
        }
      }
    }
    return sent;
  }

  /** Returns how many more test jobs of an operation may run: half of its places stay for live. */
  private static int ofTest(EnginePlaces.Places places, FairQueue.Standing test, Pool pool) {
    return (places.atOnce() + 1) / 2 - test.out(pool).jobs() - test.running(pool);
  }

  /** Sends costly jobs up to the compute capacity. */
  private int sendCostly(FairQueue.Standing live, FairQueue.Standing test, Capacity capacity) {
    int sent = 0;
    var work = capacity.work().minus(dispatched.workOut(capacity));
    if (live.isQueued(Pool.COSTLY) && work.isPositive()) {
      sent = send(Environment.LIVE, Pool.COSTLY, costlyRoom(live, work, capacity));
      work = capacity.work().minus(dispatched.workOut(capacity));
    }
    if (test.isQueued(Pool.COSTLY) && work.isPositive()) {
      sent += send(Environment.TEST, Pool.COSTLY, costlyRoom(test, work, capacity));
    }
    return sent;
  }

  private FairQueue.Room costlyRoom(FairQueue.Standing standing, Duration work, Capacity capacity) {
    return new FairQueue.Room(
        Math.min(settings.waiting(), settings.window() - standing.shared().jobs()),
        bytes(standing),
        work,
        capacity,
        settings.perUser(),
        Integer.MAX_VALUE);
  }

  /** Returns how much more may be in flight: no job, if the free room is not worth a round. */
  private FairQueue.Room room(
      Environment environment, FairQueue.Standing standing, Capacity capacity) {
    int most = waiting(settings);
    int room =
        (int)
            Math.min(
                most - waiting.count(environment), settings.window() - standing.shared().jobs());
    int worthwhile = hurry ? 1 : Math.max(1, most / WORTH_A_ROUND);
    return new FairQueue.Room(
        room < worthwhile ? 0 : room,
        bytes(standing),
        UNBOUNDED,
        capacity,
        settings.perUser(),
        Integer.MAX_VALUE);
  }

  private long bytes(FairQueue.Standing standing) {
    return Math.min(
        settings.roundBytes().toBytes(),
        settings.windowBytes().toBytes() - standing.shared().bytes());
  }

  /** Returns how many messages may wait at the broker. */
  private static int waiting(JobsSettings settings) {
    return Math.min(settings.waiting(), settings.window());
  }

  /** Sends the next jobs of a pool and returns how many the broker accepted. */
  private int send(Environment environment, Pool pool, FairQueue.Room room) {
    if (room.jobs() <= 0 || room.bytes() <= 0) {
      return 0;
    }
    var round =
        Objects.requireNonNull(transaction.execute(status -> take(environment, pool, room)));
    if (round.sent() + round.refused() > 0) {
      waiting.add(environment, round.sent());
      events.publishEvent(round);
    }
    if (round.refused() > 0) {
      // A queue may have been deleted by hand.
      broker.initialize();
    }
    return round.sent();
  }

  /** Takes no job. */
  @Override
  public void warmUp() {
    var none = new FairQueue.Room(0, 0, Duration.ZERO, replicas.capacity(), 0, 0);
    transaction.executeWithoutResult(
        status -> dispatched.take(Environment.LIVE, Pool.QUICK, none, settings.lease()));
  }

  private JobEvent.Dispatched take(Environment environment, Pool pool, FairQueue.Room room) {
    var taken = dispatched.take(environment, pool, room, settings.lease());
    var refused =
        taken.isEmpty()
            ? taken
            : publisher.publish(taken, () -> dispatched.remember(environment, pool, taken));
    dispatched.giveBack(refused, PAUSE);
    return new JobEvent.Dispatched(environment, taken.size() - refused.size(), refused.size());
  }

  /**
   * Rests after a round, so that under load a round carries more jobs; otherwise every submit and
   * every batch of outcomes would start a round of its own. After a small round the rest is as long
   * as the round, at most 20 ms.
   */
  private static void rest(Round round, Duration took) {
    var rest =
        switch (round) {
          case NOTHING -> Duration.ZERO;
          case SENT_FEW -> took.compareTo(REST) < 0 ? took : REST;
          case SENT_MANY, FULL -> REST;
        };
    LockSupport.parkNanos(rest.toNanos());
  }
}
