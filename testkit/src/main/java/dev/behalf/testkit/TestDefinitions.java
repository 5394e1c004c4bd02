package dev.behalf.testkit;

import dev.behalf.operation.Definitions;
import java.sql.Connection;
import java.sql.SQLException;

/** Applies definitions of operations by the function that web-app and the command call. */
public final class TestDefinitions {

  private TestDefinitions() {}

  /**
   * Applies a definition and returns its version.
   *
   * @param by who applies it
   */
  public static int apply(Connection connection, String yaml, String by) throws SQLException {
    var definition = Definitions.read(yaml);
    try (var statement =
        connection.prepareStatement("select jobs.apply_operation(?, ?, ?, ?, ?)")) {
      statement.setString(1, definition.name());
      statement.setString(2, definition.json().toString());
      statement.setString(3, yaml);
      statement.setBytes(4, Definitions.digest(definition));
      statement.setString(5, by);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }
}
