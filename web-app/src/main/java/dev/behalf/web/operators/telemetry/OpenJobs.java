package dev.behalf.web.operators.telemetry;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Gauges of open jobs by state. Final states are counters: see {@link Telemetry}. */
@Component
class OpenJobs {

  /** One branch per state, so that each branch uses the index of its state. */
  private static final String COUNT =
      open()
          .map(
              state ->
                  "select environment, state, count(*) from jobs.jobs where state = '%s' group by 1, 2"
                      .formatted(state.wire()))
          .collect(Collectors.joining(" union all "));

  private record Kind(String environment, String state) {}

  private final JdbcClient database;
  private volatile Map<Kind, Long> counts = Map.of();

  OpenJobs(JdbcClient database, MeterRegistry meters) {
    this.database = database;
    for (var environment : Environment.values()) {
      open()
          .map(state -> new Kind(environment.wire(), state.wire()))
          .forEach(
              kind ->
                  Gauge.builder("behalf.jobs.open", this, jobs -> jobs.count(kind))
                      .tags("environment", kind.environment(), "state", kind.state())
                      .register(meters));
    }
  }

  private static Stream<JobState> open() {
    return Arrays.stream(JobState.values()).filter(JobState::isOpen);
  }

  private long count(Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  @Scheduled(fixedDelayString = "10s")
  void count() {
    var now = new ConcurrentHashMap<Kind, Long>();
    database
        .sql(COUNT)
        .query(
            row -> {
              now.put(new Kind(row.getString(1), row.getString(2)), row.getLong(3));
            });
    counts = now;
  }
}
