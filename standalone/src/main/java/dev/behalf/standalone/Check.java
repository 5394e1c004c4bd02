package dev.behalf.standalone;

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
    try (var connection = behalf.database()) {
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
}
