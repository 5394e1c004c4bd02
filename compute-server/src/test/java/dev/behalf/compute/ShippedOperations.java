package dev.behalf.compute;

import dev.behalf.compute.engines.TestTasks;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.operation.Definitions;
import java.sql.SQLException;
import java.util.List;

/** Applies the shipped definitions, as web-app does at its start. */
final class ShippedOperations {

  private ShippedOperations() {}

  static BehalfDatabase apply(BehalfDatabase database) {
    for (var name : List.of("classify", "echo", "embed", "keywords", "similarity", "summarize")) {
      apply(database, TestTasks.yaml(name));
    }
    return database;
  }

  /** Applies a definition and returns its version. */
  static int apply(BehalfDatabase database, String yaml) {
    var definition = Definitions.read(yaml);
    try (var connection = database.connect(database.roles().owner());
        var statement =
            connection.prepareStatement("select jobs.apply_operation(?, ?, ?, ?, 'test')")) {
      statement.setString(1, definition.name());
      statement.setString(2, definition.json().toString());
      statement.setString(3, yaml);
      statement.setBytes(4, Definitions.digest(definition));
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
