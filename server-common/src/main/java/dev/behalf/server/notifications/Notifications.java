package dev.behalf.server.notifications;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
 * PostgreSQL's LISTEN and NOTIFY. A word sent in a transaction is heard by every replica when the
 * transaction is committed. A word may be lost while a connection is down, so nobody may rely on it
 * alone: after each new connection the listeners hear {@link Listener#resumed}.
 */
@Component
public class Notifications implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Notifications.class);
  private static final int WAIT_MILLIS = 5_000;
  private static final int SECONDS_TO_ANSWER = 5;

  private final JdbcClient database;
  private final JdbcConnectionDetails server;
  private final Map<String, Listener> listeners = new ConcurrentHashMap<>();
  private volatile @Nullable Thread thread;

  Notifications(JdbcClient database, JdbcConnectionDetails server) {
    this.database = database;
    this.server = server;
  }

  /**
   * Hears the words of one channel, one after the other: to be quick about it is the listener's
   * duty.
   */
  public interface Listener {
    void received(String payload);

    void resumed();
  }

  /** Says a word, inside the caller's transaction. */
  public void send(String channel, String payload) {
    send(channel, List.of(payload));
  }

  /** Says words, in one round trip. */
  public void send(String channel, List<String> payloads) {
    database
        .sql("select pg_notify(:channel, word) from unnest(:words::text[]) as word")
        .param("channel", channel)
        .param("words", payloads.toArray(String[]::new))
        .query((row, index) -> "")
        .list();
  }

  /** Registers the one listener of a channel, before {@link #start}. */
  public void listen(String channel, Listener listener) {
    listeners.put(channel, listener);
  }

  @Override
  public void start() {
    // Known before it runs: it goes on for as long as it is.
    var starting = Thread.ofVirtual().name("signals").unstarted(this::run);
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
    while (isRunning()) {
      try (var connection = connect()) {
        listeners.values().forEach(Listener::resumed);
        while (isRunning()) {
          hear(connection);
        }
      } catch (SQLException lost) {
        if (isRunning()) {
          log.warn("lost the connection that listens: {}", lost.getMessage());
          pause();
        }
      }
    }
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
        var listener = listeners.get(payload.getName());
        if (listener != null) {
          deliver(listener, payload.getParameter());
        }
      }
    }
  }

  /** After a failover a connection can be dead without a word about it. */
  private static void checkAlive(Connection connection) throws SQLException {
    if (!connection.isValid(SECONDS_TO_ANSWER)) {
      throw new SQLException("The server does not answer.");
    }
  }

  /** A word that a listener cannot take must not make it, or the others, deaf. */
  private static void deliver(Listener listener, String payload) {
    try {
      listener.received(payload);
    } catch (RuntimeException e) {
      log.warn("a listener failed", e);
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
