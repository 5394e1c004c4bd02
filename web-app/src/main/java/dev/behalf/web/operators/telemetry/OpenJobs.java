package dev.behalf.web.operators.telemetry;

import dev.behalf.contract.Environment;
import dev.behalf.web.work.jobs.JobState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** How many jobs are queued and dispatched now. Ended ones are counted as they end. */
@Component
class OpenJobs {

  private record Kind(String environment, String state) {}

  private final JdbcClient database;
  private volatile Map<Kind, Long> counts = Map.of();

  OpenJobs(JdbcClient database, MeterRegistry meters) {
    this.database = database;
    for (var environment : Environment.values()) {
      for (var state : JobState.values()) {
        if (!state.isFinal()) {
          var kind = new Kind(environment.wire(), state.wire());
          Gauge.builder("behalf.jobs.open", this, jobs -> jobs.counts.getOrDefault(kind, 0L))
              .tags("environment", kind.environment(), "state", kind.state())
              .register(meters);
        }
      }
    }
  }

  @Scheduled(fixedDelayString = "10s")
  void count() {
    var now = new ConcurrentHashMap<Kind, Long>();
    database
        .sql(
            """
            select environment, state, count(*) from jobs.jobs where state = 'queued' group by 1, 2
            union all
            select environment, state, count(*) from jobs.jobs where state = 'dispatched' group by 1, 2
            """)
        .query(
            row -> {
              now.put(new Kind(row.getString(1), row.getString(2)), row.getLong(3));
            });
    counts = now;
  }
}
