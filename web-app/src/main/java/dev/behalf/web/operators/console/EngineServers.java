package dev.behalf.web.operators.console;

import dev.behalf.operation.Engine;
import dev.behalf.server.operations.OperationCatalogue;
import dev.behalf.server.sql.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the health of the engine servers that operations call, as compute-servers write it. */
@Component
class EngineServers {

  private final OperationCatalogue operations;
  private final JdbcClient database;

  EngineServers(OperationCatalogue operations, JdbcClient database) {
    this.operations = operations;
    this.database = database;
  }

  /**
   * A server.
   *
   * @param operations the names of the operations in use that call it
   * @param openUntil until when no call is made, or a time that is over if the next job shows
   *     whether the server answers again; null while the circuit is closed
   * @param reason the last failure; null if there was none
   * @param awaySince when the circuit opened first since the last answer
   */
  record Server(
      String address,
      List<String> operations,
      int failures,
      @Nullable Instant openUntil,
      @Nullable String reason,
      @Nullable Instant answeredAt,
      @Nullable Instant failedAt,
      @Nullable Instant awaySince) {

    private static Server unused(String address) {
      return new Server(address, List.of(), 0, null, null, null, null, null);
    }

    private Server of(List<String> names) {
      return new Server(
          address, names, failures, openUntil, reason, answeredAt, failedAt, awaySince);
    }

    /** Returns whether no call is made at present. */
    boolean isAway(Instant now) {
      return openUntil != null && openUntil.isAfter(now);
    }
  }

  /** Returns the servers of all operations in use, by address, also if none has called them yet. */
  List<Server> list() {
    var names = new TreeMap<String, TreeSet<String>>();
    for (var operation : operations.all()) {
      if (operation.definition().engine() instanceof Engine.Remote remote) {
        names.computeIfAbsent(remote.server(), same -> new TreeSet<>()).add(operation.name());
      }
    }
    var known = new HashMap<String, Server>();
    database
        .sql("select * from compute.engines where server = any(:servers::text[])")
        .param("servers", names.keySet().toArray(String[]::new))
        .query(EngineServers::server)
        .list()
        .forEach(server -> known.put(server.address(), server));
    return names.entrySet().stream()
        .map(
            entry ->
                known
                    .getOrDefault(entry.getKey(), Server.unused(entry.getKey()))
                    .of(List.copyOf(entry.getValue())))
        .toList();
  }

  private static Server server(ResultSet row, int index) throws SQLException {
    return new Server(
        row.getString("server"),
        List.of(),
        row.getInt("failures"),
        Timestamps.instantOrNull(row, "open_until"),
        row.getString("reason"),
        Timestamps.instantOrNull(row, "answered_at"),
        Timestamps.instantOrNull(row, "failed_at"),
        Timestamps.instantOrNull(row, "away_since"));
  }
}
