package dev.behalf.web.jobs;

import dev.behalf.contract.ProblemCode;
import dev.behalf.web.signals.Signals;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Finds jobs of which nothing was heard within their lease, because a message was lost with a
 * broker or a worker never came back, and queues them again. To run one twice is safe.
 */
@Component
class Reconciler {

  private static final String END_LEASES =
      """
      with late as (
        select user_id, id, attempt >= :max_attempts as hopeless from jobs.jobs
        where state = 'dispatched' and lease_until < :now
        limit 1000 for update skip locked
      )
      update jobs.jobs j
      set state = case when hopeless then 'failed' else 'queued' end,
          code = case when hopeless then :code end,
          detail = case when hopeless then 'Run it again: no worker has finished it in ' || j.attempt || ' attempts.' end,
          finished_at = case when hopeless then :now end,
          not_before = :now, lease_until = null
      from late where j.user_id = late.user_id and j.id = late.id and j.state = 'dispatched'
      """;

  private final JdbcClient database;
  private final Signals signals;
  private final JobsSettings settings;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  Reconciler(
      JdbcClient database,
      Signals signals,
      JobsSettings settings,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.database = database;
    this.signals = signals;
    this.settings = settings;
    this.events = events;
    this.clock = clock;
  }

  @Scheduled(fixedDelayString = "${behalf.jobs.reconcile-every:5s}")
  @Transactional
  public void endLeases() {
    var ended =
        database
            .sql(END_LEASES)
            .param("max_attempts", settings.maxAttempts())
            .param("code", ProblemCode.ATTEMPTS_EXHAUSTED.wire())
            .param("now", clock.instant().atOffset(ZoneOffset.UTC))
            .update();
    if (ended > 0) {
      signals.say(Jobs.QUEUED, "");
      events.publishEvent(new JobEvent.LeasesEnded(ended));
    }
  }
}
