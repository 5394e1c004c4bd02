package dev.behalf.standalone;

import dev.behalf.database.BehalfDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prints the mails of an installation that has no mail server. Only to the screen: they hold links
 * that open accounts, so no service writes them to its log.
 */
final class PrintedMails implements AutoCloseable {

  private static final String NEWER =
      """
      select id, address, text from accounts.mails
      where text is not null and ended_at > now() - interval '1 hour' order by ended_at
      """;

  private final BehalfDatabase database;
  private final Consumer<String> screen;
  private @Nullable Connection connection;
  private final Set<UUID> printed = new HashSet<>();

  PrintedMails(BehalfDatabase database, Consumer<String> screen) {
    this.database = database;
    this.screen = screen;
  }

  /**
   * Prints the mails of the last hour that it has not printed yet; while the database is away,
   * none.
   */
  void print() {
    try {
      var statement = connected().prepareStatement(NEWER);
      try (statement;
          var rows = statement.executeQuery()) {
        while (rows.next()) {
          if (printed.add(rows.getObject("id", UUID.class))) {
            screen.accept(
                "%n--- mail to %s ---%n%s---"
                    .formatted(rows.getString("address"), rows.getString("text")));
          }
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
