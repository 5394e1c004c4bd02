package dev.behalf.web.operators.console;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.web.work.dispatch.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds problems of the installation, each with a sentence and a page to act on it. */
@Component
class Alerts {

  /** A job that waits longer is not just waiting for its turn in the fair queue. */
  private static final Duration LONG = Duration.ofMinutes(5);

  private static final int PUT_OFF = 5;
  private static final double FAILED = 0.2;
  private static final int FAILED_OF = 10;

  private static final Set<String> URGENT = Set.of("ledger", "broker", "nobody", "failing");

  private final Pauses pauses;
  private final Workers workers;
  private final DeadLetters deadLetters;
  private final LedgerChecks ledger;
  private final EngineServers engines;
  private final Broker broker;
  private final InstantSource clock;

  Alerts(
      Pauses pauses,
      Workers workers,
      DeadLetters deadLetters,
      LedgerChecks ledger,
      EngineServers engines,
      Broker broker,
      InstantSource clock) {
    this.pauses = pauses;
    this.workers = workers;
    this.deadLetters = deadLetters;
    this.ledger = ledger;
    this.engines = engines;
    this.broker = broker;
    this.clock = clock;
  }

  /**
   * One problem of the installation.
   *
   * @param kind the end of the message keys of the sentence and the link
   * @param environment the environment, if the problem concerns only one
   * @param number the number of jobs, messages or checks; 0 if the sentence needs none
   * @param since when the problem began, if known
   * @param page the page to act on it
   */
  record Alert(
      String kind,
      @Nullable Environment environment,
      long number,
      @Nullable Instant since,
      String page) {

    /** Returns whether live jobs fail or stand still, or the ledger is wrong. */
    public boolean isUrgent() {
      return environment != Environment.TEST && URGENT.contains(kind);
    }
  }

  /** Says that the figures could not be read. */
  static final Alert UNKNOWN = new Alert("unknown", null, 0, null, "/ops");

  /** Returns the problems, the urgent ones first. */
  List<Alert> look(List<QueueMetrics.Of> figures) {
    var found = new ArrayList<Alert>();
    ledger(found);
    for (var pause : pauses.list(Pauses.By.OPERATOR, null)) {
      if (pause.userId() == null) {
        found.add(new Alert("paused", pause.environment(), 0, pause.pausedAt(), "/ops/queues"));
      }
    }
    figures.forEach(of -> flow(of, found));
    workers(figures, found);
    for (var server : engines.list()) {
      if (server.isAway(clock.instant())) {
        found.add(new Alert("engine", null, 0, server.awaySince(), "/ops/engines"));
      }
    }
    long dead = deadLetters.atBroker() + deadLetters.kept();
    if (dead > 0) {
      found.add(new Alert("dead", null, dead, null, "/ops/dead"));
    }
    found.sort(Comparator.comparing(Alert::isUrgent).reversed());
    return found;
  }

  private void ledger(List<Alert> found) {
    long broken = ledger.list().stream().filter(LedgerChecks.Check::fails).count();
    if (broken > 0) {
      found.add(new Alert("ledger", null, broken, null, "/ops/ledger"));
    }
  }

  private void flow(QueueMetrics.Of of, List<Alert> found) {
    var environment = of.environment();
    if (of.now().putOff() >= PUT_OFF) {
      found.add(new Alert("compute", environment, of.now().putOff(), null, "/ops/workers"));
    }
    var oldest = of.now().oldest();
    if (oldest != null && oldest.isBefore(clock.instant().minus(LONG))) {
      found.add(new Alert("oldest", environment, 0, oldest, "/ops/fairness"));
    }
    var ended = of.lately().succeeded() + of.lately().failed();
    if (ended >= FAILED_OF && of.lately().failedShare() >= FAILED) {
      found.add(new Alert("failing", environment, of.lately().failed(), null, "/ops/dead"));
    }
  }

  private void workers(List<QueueMetrics.Of> figures, List<Alert> found) {
    var silent = workers.list().stream().filter(Workers.Seen::isSilent).toList();
    for (var worker : silent) {
      found.add(new Alert("silent", null, 0, worker.heardAt(), "/ops/workers"));
    }
    for (var of : figures) {
      var queue = broker.queue(JobMessage.queue(of.environment()));
      if (queue == null) {
        found.add(new Alert("broker", of.environment(), 0, null, "/ops/queues"));
      } else if (queue.consumers() == 0 && of.now().queued() + of.now().out() > 0) {
        found.add(
            new Alert(
                "nobody",
                of.environment(),
                of.now().queued() + of.now().out(),
                null,
                "/ops/workers"));
      }
    }
  }
}
