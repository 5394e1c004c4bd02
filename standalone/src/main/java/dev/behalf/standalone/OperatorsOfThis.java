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
      "Lists, adds and removes operators, with the login of the database owner.",
      "An account is named by its id, or by its e-mail address if that is verified."
    })
final class OperatorsOfThis implements Callable<Integer> {

  @ParentCommand Behalf behalf = new Behalf();

  @Parameters(
      arity = "0..3",
      paramLabel = "WORD",
      description = {
        "list, add EMAIL|ID [observer], remove EMAIL|ID (default: list).",
        "An operator can change the installation, an observer can only view it."
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
