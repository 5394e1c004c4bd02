package dev.behalf.web.work.dispatch;

import dev.behalf.contract.StrictJson;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** Reads the capacity of the compute-servers from the rows that they keep. */
@Component
class ComputeReplicas {

  private static final Duration MAX_AGE = Duration.ofSeconds(1);

  private final JdbcClient database;
  private Capacity known = Capacity.UNKNOWN;
  private long readAt = System.nanoTime() - MAX_AGE.toNanos();

  ComputeReplicas(JdbcClient database) {
    this.database = database;
  }

  private record Replica(int places, Map<String, Double> rates) {}

  /** Returns the capacity of the compute-servers that reported in the last ten seconds. */
  synchronized Capacity capacity() {
    if (System.nanoTime() - readAt >= MAX_AGE.toNanos()) {
      known = read();
      readAt = System.nanoTime();
    }
    return known;
  }

  private Capacity read() {
    var replicas =
        database
            .sql(
                "select places, rates from compute.replicas where seen_at > now() - interval '10 seconds'")
            .query(
                (row, index) ->
                    new Replica(
                        row.getInt("places"),
                        StrictJson.MAPPER.readValue(
                            row.getString("rates"), new TypeReference<Map<String, Double>>() {})))
            .list();
    return replicas.isEmpty()
        ? Capacity.UNKNOWN
        : new Capacity(
            replicas.stream().mapToInt(Replica::places).sum(),
            replicas.stream()
                .map(Replica::rates)
                .map(Map::entrySet)
                .flatMap(Collection::stream)
                .collect(
                    Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.averagingDouble(Map.Entry::getValue))));
  }
}
