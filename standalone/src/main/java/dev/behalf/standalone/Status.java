package dev.behalf.standalone;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "status", description = "Shows which services run; exits with 1 if one does not.")
final class Status implements Callable<Integer> {

  @ParentCommand Behalf behalf = new Behalf();

  @Override
  public Integer call() throws Exception {
    var run = RunFile.require(behalf.data);
    System.out.println("page            " + run.page());
    var all = true;
    for (var child : run.children()) {
      var runs = child.process().isPresent();
      all &= runs;
      System.out.printf(
          "%-15s %s%n", child.name(), runs ? "running, process " + child.pid() : "not running");
    }
    return all ? 0 : 1;
  }
}
