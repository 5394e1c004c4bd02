package dev.behalf.web.billing.usage;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import dev.behalf.contract.Period;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.Outbox;
import dev.behalf.web.work.jobs.JobEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Tells users when 80 % and all of a month's live quota are used. It looks only at users whose jobs
 * have succeeded since it looked last; what a killed process forgets comes up with the next job.
 */
@Component
class QuotaNotices {

  private static final int MOST_USERS = 10_000;

  private final JdbcClient database;
  private final Outbox outbox;
  private final InstantSource clock;
  private final Set<UUID> charged = ConcurrentHashMap.newKeySet();

  QuotaNotices(JdbcClient database, Outbox outbox, InstantSource clock) {
    this.database = database;
    this.outbox = outbox;
    this.clock = clock;
  }

  @EventListener
  void on(JobEvent.BatchSettled settled) {
    for (var event : settled.events()) {
      if (event instanceof JobEvent.Settled end
          && end.state() == JobState.SUCCEEDED
          && end.environment() == Environment.LIVE
          && charged.size() < MOST_USERS) {
        charged.add(end.userId());
      }
    }
  }

  private record Used(UUID userId, long used, long limit) {}

  @Scheduled(fixedDelayString = "${behalf.quota-notices-every:10s}")
  void look() {
    var users = charged.toArray(UUID[]::new);
    if (users.length == 0) {
      return;
    }
    var period = Period.at(clock.instant()).name();
    database
        .sql(
            """
            select user_id, used, limit_units from compute.quota
            where user_id = any (:users) and environment = 'live' and period = :period
              and limit_units > 0 and used >= limit_units / 5.0 * 4
            """)
        .param("users", users)
        .param("period", period)
        .query(
            (row, index) ->
                new Used(
                    row.getObject("user_id", UUID.class),
                    row.getLong("used"),
                    row.getLong("limit_units")))
        .list()
        .forEach(used -> tell(used, period));
    charged.removeAll(List.of(users));
  }

  private void tell(Used used, String period) {
    var kind = used.used() >= used.limit() ? MailKind.QUOTA_USED : MailKind.QUOTA_NEARLY_USED;
    outbox.tell(
        used.userId(),
        kind,
        List.of(String.valueOf(used.used()), String.valueOf(used.limit()), period),
        kind.wire() + " " + period + " " + used.limit() + " " + used.userId());
  }
}
