package dev.behalf.standalone;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "status", description = "Shows what runs; exits with 1 where something does not.")
final class Status implements Callable<Integer> {

  @ParentCommand Behalf behalf = new Behalf();

  @Override
  public Integer call() throws Exception {
    var run = RunFile.require(behalf.data);
    System.out.println("page            " + run.web());
    var all = true;
    for (var child : run.children()) {
      var runs = child.process().isPresent();
      all &= runs;
      System.out.printf(
          "%-15s %s%n", child.name(), runs ? "runs, process " + child.pid() : "does not run");
    }
    return all ? 0 : 1;
  }
}
