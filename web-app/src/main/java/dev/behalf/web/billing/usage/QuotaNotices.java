package dev.behalf.web.billing.usage;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import dev.behalf.contract.Period;
import dev.behalf.contract.ProblemCode;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.Outbox;
import dev.behalf.web.work.jobs.JobEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Tells users when 80 % and all of a month's live quota are used. It looks only at users whose jobs
 * have ended since it looked last; what a killed process forgets comes up with the next job.
 */
@Component
class QuotaNotices {

  private static final int MOST_USERS = 10_000;

  private final JdbcClient database;
  private final Outbox outbox;
  private final InstantSource clock;

  /** Users to look at, and whether a job of theirs was refused for lack of units. */
  private final Map<UUID, Boolean> charged = new ConcurrentHashMap<>();

  QuotaNotices(JdbcClient database, Outbox outbox, InstantSource clock) {
    this.database = database;
    this.outbox = outbox;
    this.clock = clock;
  }

  @EventListener
  void on(JobEvent.BatchSettled settled) {
    for (var event : settled.events()) {
      if (event instanceof JobEvent.Settled end
          && end.environment() == Environment.LIVE
          && charged.size() < MOST_USERS) {
        // A refusal for lack of units, too: less is left than the job costs.
        var isRefused = ProblemCode.QUOTA_EXCEEDED.wire().equals(end.code());
        if (isRefused || end.state() == JobState.SUCCEEDED) {
          charged.merge(end.userId(), isRefused, Boolean::logicalOr);
        }
      }
    }
  }

  private record Used(UUID userId, long used, long limit) {}

  @Scheduled(fixedDelayString = "${behalf.quota-notices-every:10s}")
  void look() {
    var users = Map.copyOf(charged);
    if (users.isEmpty()) {
      return;
    }
    users.forEach(charged::remove);
    try {
      tell(users);
    } catch (RuntimeException failed) {
      users.forEach((user, isRefused) -> charged.merge(user, isRefused, Boolean::logicalOr));
      throw failed;
    }
  }

  private void tell(Map<UUID, Boolean> users) {
    var period = Period.at(clock.instant()).name();
    database
        .sql(
            """
            select user_id, used, limit_units from compute.quota
            where user_id = any (:users) and environment = 'live' and period = :period
              and limit_units > 0 and used >= limit_units / 5.0 * 4
            """)
        .param("users", users.keySet().toArray(UUID[]::new))
        .param("period", period)
        .query(
            (row, index) ->
                new Used(
                    row.getObject("user_id", UUID.class),
                    row.getLong("used"),
                    row.getLong("limit_units")))
        .list()
        .forEach(used -> tell(used, period, Boolean.TRUE.equals(users.get(used.userId()))));
  }

  private void tell(Used used, String period, boolean isRefused) {
    var isUsed = isRefused || used.used() >= used.limit();
    var kind = isUsed ? MailKind.QUOTA_USED : MailKind.QUOTA_NEARLY_USED;
    outbox.tell(
        used.userId(),
        kind,
        List.of(String.valueOf(used.used()), String.valueOf(used.limit()), period),
        kind.wire() + " " + period + " " + used.limit() + " " + used.userId());
  }
}
