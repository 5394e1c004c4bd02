package dev.behalf.standalone;

import dev.behalf.database.Operators;
import dev.behalf.database.OperatorsCommand;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "operators",
    description = {
      "Says who looks after this Behalf, and makes and unmakes operators, with the database's own login.",
      "An account goes by its address once that is verified, and by its id always."
    })
final class OperatorsOfThis implements Callable<Integer> {

  @ParentCommand Behalf behalf = new Behalf();

  @Parameters(
      arity = "0..3",
      paramLabel = "WORD",
      description = {
        "list, add EMAIL|ID [observer], remove EMAIL|ID (default: list).",
        "An operator changes things, an observer only looks."
      })
  List<String> words = List.of();

  @Override
  public Integer call() throws Exception {
    try (var connection = behalf.database()) {
      var fault = new OperatorsCommand(new Operators(connection), System.out).run(words);
      if (!fault.isEmpty()) {
        throw new UserError(fault);
      }
      return 0;
    }
  }
}
