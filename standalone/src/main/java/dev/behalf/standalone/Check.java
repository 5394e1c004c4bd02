package dev.behalf.standalone;

import dev.behalf.database.Roles;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "check",
    description = "Counts in the database what must not be; exits with 1 where something is.")
final class Check implements Callable<Integer> {

  @ParentCommand Behalf behalf = new Behalf();

  @Override
  public Integer call() throws Exception {
    var run = RunFile.require(behalf.data);
    var owner = new SecretFile(behalf.data.resolve("secrets.properties")).roles().owner();
    try (var connection = connect(run.database(), owner)) {
      var broken = 0L;
      for (var invariant : Invariant.values()) {
        var count = invariant.count(connection);
        broken += count;
        System.out.printf(
            "%s %-72s %6d%n", count == 0 ? "ok    " : "BROKEN", invariant.sentence(), count);
      }
      return broken == 0 ? 0 : 1;
    }
  }

  private static Connection connect(String url, Roles.Login login) throws SQLException {
    return DriverManager.getConnection(url, login.name(), login.password());
  }
}
