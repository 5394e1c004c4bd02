package dev.behalf.standalone;

import dev.behalf.database.BehalfDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prints the mails of an installation that has no mail server. Only to the screen: they hold links
 * that open accounts, so no service writes them to its log.
 */
final class PrintedMails implements AutoCloseable {

  private static final String NEWER =
      """
      select address, text, ended_at from accounts.mails
      where text is not null and ended_at > ? order by ended_at
      """;

  private final BehalfDatabase database;
  private final Consumer<String> screen;
  private @Nullable Connection connection;
  private Timestamp printedTo;

  PrintedMails(BehalfDatabase database, Clock clock, Consumer<String> screen) {
    this.database = database;
    this.printedTo = Timestamp.from(clock.instant());
    this.screen = screen;
  }

  /** Prints the mails since the last time; while the database is away, none. */
  void print() {
    try {
      var statement = connected().prepareStatement(NEWER);
      statement.setTimestamp(1, printedTo);
      try (statement;
          var rows = statement.executeQuery()) {
        while (rows.next()) {
          screen.accept(
              "%n--- mail to %s ---%n%s---"
                  .formatted(rows.getString("address"), rows.getString("text")));
          printedTo = rows.getTimestamp("ended_at");
        }
      }
    } catch (SQLException away) {
      close();
    }
  }

  private Connection connected() throws SQLException {
    if (connection == null) {
      connection = database.connect(database.roles().owner());
    }
    return connection;
  }

  @Override
  public void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException closed) {
        // Broken: nothing is left to close.
      }
      connection = null;
    }
  }
}
