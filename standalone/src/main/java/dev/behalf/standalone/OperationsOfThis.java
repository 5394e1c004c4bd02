package dev.behalf.standalone;

import dev.behalf.operation.BadDefinition;
import dev.behalf.operation.Definition;
import dev.behalf.operation.Definitions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "operations",
    description =
        "Applies, lists, shows and retires operations, with the login of the database owner.",
    synopsisSubcommandLabel = "COMMAND")
final class OperationsOfThis implements Runnable {

  private static final String BY = "database login";

  @ParentCommand Behalf behalf = new Behalf();

  private final PrintStream out = System.out;

  @Override
  public void run() {
    throw new UserError("Say what to do: apply, list, show or retire.");
  }

  @Command(
      description = {
        "Applies a definition, or all definitions in a folder (*.yaml, *.yml).",
        "The same content makes no new version. Nothing is applied if one file is wrong."
      })
  int apply(@Parameters(paramLabel = "FILE|FOLDER", description = "What to apply.") Path path)
      throws Exception {
    var files = files(path);
    if (files.isEmpty()) {
      throw new UserError(path + " has no file that ends in .yaml or .yml.");
    }
    try (var connection = behalf.database()) {
      connection.setAutoCommit(false);
      for (var file : files) {
        apply(connection, file);
      }
      connection.commit();
    }
    return 0;
  }

  private void apply(Connection connection, Path path) throws IOException, SQLException {
    var file = DefinitionFile.read(path);
    var definition = file.definition();
    try {
      requireEngine(connection, definition);
    } catch (BadDefinition bad) {
      throw new UserError(path + ": " + bad.sentence());
    }
    try (var statement =
        connection.prepareStatement("select jobs.apply_operation(?, ?, ?, ?, ?)")) {
      statement.setString(1, definition.name());
      statement.setString(2, definition.json().toString());
      statement.setString(3, file.yaml());
      statement.setBytes(4, Definitions.digest(definition));
      statement.setString(5, BY);
      try (var rows = statement.executeQuery()) {
        rows.next();
        out.println(definition.name() + " is version " + rows.getInt(1));
      }
    }
  }

  /** The engines of this release are those that its own definitions name. */
  private static void requireEngine(Connection connection, Definition definition)
      throws SQLException {
    var engines = new TreeSet<String>();
    try (var statement =
            connection.prepareStatement(
                "select distinct definition::json -> 'engine' ->> 'builtin' from"
                    + " jobs.operation_versions where applied_by = 'behalf'");
        var rows = statement.executeQuery()) {
      while (rows.next()) {
        engines.add(rows.getString(1));
      }
    }
    Definitions.requireEngine(definition, engines);
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new UserError(path + " does not exist.");
    }
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    return Definitions.files(path);
  }

  @Command(description = "Lists the operations with their current versions.")
  int list() throws Exception {
    try (var connection = behalf.database();
        var statement =
            connection.prepareStatement(
                """
                select o.name, o.version, o.retired_at is not null as retired, v.applied_by, v.applied_at
                from jobs.operations o join jobs.operation_versions v using (name, version) order by o.name
                """);
        var rows = statement.executeQuery()) {
      out.printf("%-24s %7s  %-8s  %-20s  %s%n", "NAME", "VERSION", "STATE", "APPLIED", "BY");
      while (rows.next()) {
        out.printf(
            "%-24s %7d  %-8s  %-20s  %s%n",
            rows.getString("name"),
            rows.getInt("version"),
            rows.getBoolean("retired") ? "retired" : "in use",
            rows.getTimestamp("applied_at").toInstant().toString().substring(0, 19) + "Z",
            rows.getString("applied_by"));
      }
    }
    return 0;
  }

  @Command(description = "Prints the current definition of an operation.")
  int show(@Parameters(paramLabel = "NAME", description = "Name of the operation.") String name)
      throws Exception {
    try (var connection = behalf.database();
        var statement =
            connection.prepareStatement(
                """
                select v.source from jobs.operations o join jobs.operation_versions v using (name, version)
                where o.name = ?
                """)) {
      statement.setString(1, name);
      try (var rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw new UserError("No operation is called " + name + ".");
        }
        out.println(rows.getString("source").stripTrailing());
      }
    }
    return 0;
  }

  @Command(
      description = {
        "Retires an operation: new jobs can no longer ask for it. Jobs that wait still run.",
        "To bring it back, apply its definition again."
      })
  int retire(@Parameters(paramLabel = "NAME", description = "Name of the operation.") String name)
      throws Exception {
    try (var connection = behalf.database();
        var statement = connection.prepareStatement("select jobs.retire_operation(?)")) {
      statement.setString(1, name);
      try (var rows = statement.executeQuery()) {
        rows.next();
        if (!rows.getBoolean(1)) {
          throw new UserError("No operation called " + name + " is in use.");
        }
        out.println(name + " is retired");
      }
    }
    return 0;
  }
}
