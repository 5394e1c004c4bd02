package dev.behalf.compute;

import dev.behalf.compute.engines.TestTasks;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.testkit.TestDefinitions;
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
    try (var connection = database.connect(database.roles().owner())) {
      return TestDefinitions.apply(connection, yaml, "test");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
