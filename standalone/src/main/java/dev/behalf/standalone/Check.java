package dev.behalf.standalone;

import dev.behalf.invariant.Invariant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "check",
    description = "Counts violated invariants in the database; exits with 1 if there are any.")
final class Check implements Callable<Integer> {

  @ParentCommand Behalf behalf = new Behalf();

  @Override
  public Integer call() throws Exception {
    try (var connection = behalf.database()) {
      var broken = 0L;
      for (var invariant : Invariant.values()) {
        var count = Violations.count(connection, invariant);
        broken += count;
        System.out.printf(
            "%s %-72s %6d%n",
            count == 0 ? "ok    " : "BROKEN", Violations.describe(invariant), count);
      }
      return broken == 0 ? 0 : 1;
    }
  }
}
