package dev.behalf.web.work.dispatch;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.Pool;
import dev.behalf.server.notifications.Notifications;
import dev.behalf.web.site.BackgroundLoop;
import dev.behalf.web.work.jobs.JobEvent;
import dev.behalf.web.work.jobs.JobsSettings;
import dev.behalf.web.work.jobs.Submissions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves jobs from the table to the broker, in turn over the users. No more of them are there than
 * workers will soon take: what waits for its turn in the table can still be overtaken by who has
 * none, cancelled or paused, and its lease does not run. Of costly jobs no more are out than
 * compute-servers can compute soon, so that they too wait here, and nothing quick waits behind
 * them. Test jobs go when no live job waits.
 *
 * <p>A round marks and publishes in one transaction: after a crash between the two a job is
 * published again, which costs nothing because it is computed and charged once. Any number of
 * replicas may run.
 */
@Component
class Dispatcher implements SmartLifecycle, Notifications.Listener {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration REST = Duration.ofMillis(20);

  /** From so many in a round on, more will come soon. */
  private static final int MANY = 3;

  /** While less than half of the room is free, no worker is short of work. */
  private static final int WORTH_A_ROUND = 2;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Quick work needs no place. */
  private static final Duration UNBOUNDED = Duration.ofDays(1);

  private final FairQueue dispatched;
  private final ComputeReplicas replicas;
  private final JobPublisher publisher;
  private final AmqpAdmin broker;
  private final TransactionTemplate transaction;
  private final JobsSettings settings;
  private final ApplicationEventPublisher events;
  private final BackgroundLoop loop = new BackgroundLoop("dispatcher", this::turn);

  /** Nothing has made room for a while: also a few jobs are worth a round. */
  private boolean hurry;

  Dispatcher(
      FairQueue dispatched,
      ComputeReplicas replicas,
      JobPublisher publisher,
      AmqpAdmin broker,
      TransactionTemplate transaction,
      JobsSettings settings,
      ApplicationEventPublisher events,
      Notifications notifications) {
    this.dispatched = dispatched;
    this.replicas = replicas;
    this.publisher = publisher;
    this.broker = broker;
    this.transaction = transaction;
    this.settings = settings;
    this.events = events;
    notifications.listen(Submissions.QUEUED, this);
  }

  /** A job was stored, or there is room again: it need not wait until somebody looks. */
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

  /** Lets the round end that is under way. */
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
    /** Enough jobs are out. */
    FULL;

    static Round sent(int jobs) {
      return jobs == 0 ? NOTHING : jobs < MANY ? SENT_FEW : SENT_MANY;
    }

    /** There may be more. */
    boolean hasSent() {
      return this == SENT_MANY || this == SENT_FEW;
    }
  }

  private Round round() {
    var live = dispatched.standing(Environment.LIVE);
    var test = dispatched.standing(Environment.TEST);
    if (!live.isQueued() && !test.isQueued()) {
      return Round.NOTHING;
    }
    var capacity = replicas.capacity();
    int costly = live.costlyQueued() || test.costlyQueued() ? sendCostly(live, test, capacity) : 0;
    var liveRoom = room(Environment.LIVE, live, capacity);
    int quick = live.quickQueued() ? send(Environment.LIVE, Pool.QUICK, liveRoom) : 0;
    if (quick < liveRoom.jobs() && test.quickQueued()) {
      quick += send(Environment.TEST, Pool.QUICK, room(Environment.TEST, test, capacity));
    }
    var sent = Round.sent(quick + costly);
    return sent == Round.NOTHING && liveRoom.jobs() == 0 ? Round.FULL : sent;
  }

  /** What can be computed at once decides what goes out; test jobs get what live ones leave. */
  private int sendCostly(FairQueue.Standing live, FairQueue.Standing test, Capacity capacity) {
    return Objects.requireNonNull(
        transaction.execute(
            status ->
                dispatched
                    .costlyWorkOut(capacity)
                    .map(out -> sendCostly(live, test, capacity, out))
                    .orElse(0)));
  }

  private int sendCostly(
      FairQueue.Standing live, FairQueue.Standing test, Capacity capacity, Duration workOut) {
    int sent = 0;
    var work = capacity.work().minus(workOut);
    if (live.costlyQueued() && work.isPositive()) {
      sent = send(Environment.LIVE, Pool.COSTLY, costlyRoom(live, work, capacity));
      work = capacity.work().minus(dispatched.workOut(capacity));
    }
    if (test.costlyQueued() && work.isPositive()) {
      sent += send(Environment.TEST, Pool.COSTLY, costlyRoom(test, work, capacity));
    }
    return sent;
  }

  private FairQueue.Room costlyRoom(FairQueue.Standing standing, Duration work, Capacity capacity) {
    return new FairQueue.Room(
        Math.min(settings.waiting(), settings.window() - standing.out()),
        bytes(standing),
        work,
        capacity);
  }

  /** How much may follow what is out; no job, where that is not worth a round. */
  private FairQueue.Room room(
      Environment environment, FairQueue.Standing standing, Capacity capacity) {
    int waiting = Math.min(settings.waiting(), settings.window());
    int room = (int) Math.min(waiting - atBroker(environment), settings.window() - standing.out());
    int worthwhile = hurry ? 1 : Math.max(1, waiting / WORTH_A_ROUND);
    return new FairQueue.Room(room < worthwhile ? 0 : room, bytes(standing), UNBOUNDED, capacity);
  }

  private long bytes(FairQueue.Standing standing) {
    return Math.min(
        settings.roundBytes().toBytes(), settings.windowBytes().toBytes() - standing.bytesOut());
  }

  /** Also where no row is out: when leases have ended, their messages are there still. */
  private long atBroker(Environment environment) {
    var queue = broker.getQueueInfo(JobMessage.queue(environment));
    return queue == null ? 0 : queue.getMessageCount();
  }

  /** How many the broker has taken. */
  private int send(Environment environment, Pool pool, FairQueue.Room room) {
    if (room.jobs() <= 0 || room.bytes() <= 0) {
      return 0;
    }
    var round =
        Objects.requireNonNull(transaction.execute(status -> take(environment, pool, room)));
    if (round.sent() + round.refused() > 0) {
      events.publishEvent(round);
    }
    if (round.refused() > 0) {
      // A queue may have been deleted by hand.
      broker.initialize();
    }
    return round.sent();
  }

  private JobEvent.Dispatched take(Environment environment, Pool pool, FairQueue.Room room) {
    var taken = dispatched.take(environment, pool, room, settings.perUser(), settings.lease());
    var refused =
        taken.isEmpty()
            ? taken
            : publisher.publish(taken, () -> dispatched.remember(environment, pool, taken));
    dispatched.giveBack(refused, PAUSE);
    return new JobEvent.Dispatched(environment, taken.size() - refused.size(), refused.size());
  }

  /**
   * The busier it is, the more go in one round: each submit and each batch of outcomes would be
   * worth a look, and that would be all it does. Where few come, a job goes at once, and looking
   * takes half of the time at most.
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
