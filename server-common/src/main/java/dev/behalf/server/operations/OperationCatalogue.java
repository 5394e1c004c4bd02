package dev.behalf.server.operations;

import dev.behalf.operation.BadDefinition;
import dev.behalf.operation.Definitions;
import dev.behalf.server.notifications.Notifications;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The operations that are applied, in memory: a job is checked without a query. A notification
 * brings what has changed to every replica; after a lost connection everything is read again.
 */
@Component
public class OperationCatalogue implements InitializingBean {

  private static final Logger log = LoggerFactory.getLogger(OperationCatalogue.class);

  /** Channel on which the database names an operation that has changed. */
  private static final String CHANGED = "behalf_operations";

  private final JdbcClient database;
  private final Notifications notifications;

  /** Versions never change: they are kept as long as the process lives. */
  private final Map<Key, Operation> versions = new ConcurrentHashMap<>();

  private volatile SortedMap<String, Operation> current = new TreeMap<>();

  private record Key(String name, int version) {}

  OperationCatalogue(JdbcClient database, Notifications notifications) {
    this.database = database;
    this.notifications = notifications;
  }

  @Override
  public void afterPropertiesSet() {
    notifications.listen(
        CHANGED,
        new Notifications.Listener() {
          @Override
          public void received(String name) {
            refresh();
          }

          @Override
          public void resumed() {
            refresh();
          }
        });
    refresh();
  }

  /** Reads the current versions again. */
  public synchronized void refresh() {
    var read = new TreeMap<String, Operation>();
    database
        .sql("select name, version from jobs.operations where retired_at is null order by name")
        .query((row, index) -> new Key(row.getString("name"), row.getInt("version")))
        .list()
        .forEach(key -> version(key).ifPresent(operation -> read.put(key.name(), operation)));
    current = read;
  }

  /** Returns the operations that new jobs may ask for, in the order of their names. */
  public List<Operation> all() {
    return List.copyOf(current.values());
  }

  /** Returns the version of an operation that new jobs get, unless it is retired or unknown. */
  public Optional<Operation> current(String name) {
    return Optional.ofNullable(current.get(name));
  }

  /** Returns the newest version of an operation, also of a retired one. */
  public Optional<Operation> newest(String name) {
    return current(name)
        .or(
            () ->
                database
                    .sql("select version from jobs.operations where name = ?")
                    .param(name)
                    .query(Integer.class)
                    .optional()
                    .flatMap(version -> version(name, version)));
  }

  /** Returns one version of an operation, also of a retired one. */
  public Optional<Operation> version(String name, int version) {
    return version(new Key(name, version));
  }

  private Optional<Operation> version(Key key) {
    var known = versions.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    var read =
        database
            .sql("select definition from jobs.operation_versions where name = ? and version = ?")
            .params(key.name(), key.version())
            .query(String.class)
            .optional()
            .flatMap(json -> parsed(key, json));
    read.ifPresent(operation -> versions.put(key, operation));
    return read;
  }

  /**
   * During an upgrade, a newer server may have stored a definition that this one cannot read. It
   * must not keep the others from being read.
   */
  private static Optional<Operation> parsed(Key key, String json) {
    try {
      return Optional.of(new Operation(key.version(), Definitions.stored(json)));
    } catch (BadDefinition newer) {
      log.warn(
          "Operation {}, version {}, is skipped: {}", key.name(), key.version(), newer.reason());
      return Optional.empty();
    }
  }
}
