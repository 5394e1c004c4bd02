package dev.behalf.server.notifications;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Notifications between replicas, over PostgreSQL's LISTEN and NOTIFY. Every replica receives a
 * notification once the sending transaction commits. Notifications can be lost while a connection
 * is down, so no listener may rely on them alone: after each new connection {@link
 * Listener#resumed} is called.
 */
@Component
public class Notifications implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Notifications.class);
  private static final int WAIT_MILLIS = 5_000;
  private static final int SECONDS_TO_ANSWER = 5;

  private final JdbcClient database;
  private final JdbcConnectionDetails server;
  private final Map<String, List<Listener>> listeners = new ConcurrentHashMap<>();
  private volatile @Nullable Thread thread;

  Notifications(JdbcClient database, JdbcConnectionDetails server) {
    this.database = database;
    this.server = server;
  }

  /**
   * Receives the notifications of one channel, one after the other. A slow listener delays all
   * others.
   */
  public interface Listener {
    void received(String payload);

    void resumed();
  }

  /** Sends a notification inside the caller's transaction. */
  public void send(String channel, String payload) {
    send(channel, List.of(payload));
  }

  /** Sends several notifications in one round trip, inside the caller's transaction. */
  public void send(String channel, List<String> payloads) {
    database
        .sql("select pg_notify(:channel, payload) from unnest(:payloads::text[]) as payload")
        .param("channel", channel)
        .param("payloads", payloads.toArray(String[]::new))
        .query((row, index) -> "")
        .list();
  }

  /** Registers a listener of a channel, before {@link #start}. */
  public void listen(String channel, Listener listener) {
    listeners.computeIfAbsent(channel, same -> new CopyOnWriteArrayList<>()).add(listener);
  }

  @Override
  public void start() {
    // Set the field before the thread starts: run() loops only while it is set.
    var starting = Thread.ofVirtual().name("notifications").unstarted(this::run);
    thread = starting;
    starting.start();
  }

  @Override
  public void stop() {
    var running = thread;
    thread = null;
    if (running != null) {
      running.interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  private void run() {
    while (isCurrent()) {
      try (var connection = connect()) {
        listeners.values().stream()
            .flatMap(List::stream)
            .forEach(listener -> guarded(listener::resumed));
        while (isCurrent()) {
          hear(connection);
        }
      } catch (SQLException lost) {
        if (isCurrent()) {
          log.warn("Connection for notifications lost: {}", lost.getMessage());
          pause();
        }
      }
    }
  }

  /** False once stopped, even if another thread was started since. */
  private boolean isCurrent() {
    return thread == Thread.currentThread();
  }

  private Connection connect() throws SQLException {
    var connection =
        DriverManager.getConnection(
            server.getJdbcUrl(), server.getUsername(), server.getPassword());
    try (var statement = connection.createStatement()) {
      for (var channel : listeners.keySet()) {
        statement.execute("listen " + channel);
      }
    }
    return connection;
  }

  private void hear(Connection connection) throws SQLException {
    var payloads = connection.unwrap(PGConnection.class).getNotifications(WAIT_MILLIS);
    if (payloads == null || payloads.length == 0) {
      checkAlive(connection);
    } else {
      for (var payload : payloads) {
        for (var listener : listeners.getOrDefault(payload.getName(), List.of())) {
          guarded(() -> listener.received(payload.getParameter()));
        }
      }
    }
  }

  /** Checks the connection: after a failover it can be dead without an error. */
  private static void checkAlive(Connection connection) throws SQLException {
    if (!connection.isValid(SECONDS_TO_ANSWER)) {
      throw new SQLException("The server does not answer.");
    }
  }

  /**
   * Logs a failure of a listener: neither this listener nor the others may miss later
   * notifications.
   */
  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      log.warn("A listener for notifications failed", e);
    }
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
