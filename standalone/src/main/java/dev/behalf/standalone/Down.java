package dev.behalf.standalone;

import java.nio.file.Files;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "down", description = "Stops everything that `up` started; the data stays.")
final class Down implements Callable<Integer> {

  @ParentCommand Behalf behalf = new Behalf();

  @Override
  public Integer call() throws Exception {
    var run = RunFile.read(behalf.data);
    if (run.isEmpty()) {
      System.out.println("Nothing is running from " + behalf.data + ".");
      return 0;
    }
    System.out.println(
        "Stopping: running jobs finish first; after a build, each service also writes a cache, which"
            + " takes half a minute.");
    ProcessHandle.of(run.get().pid()).filter(Down::isOurs).ifPresent(Down::stop);
    run.get().children().forEach(child -> child.process().ifPresent(Down::stop));
    EmbeddedDatabase.stopOrphan(behalf.data.resolve("postgres"));
    Files.deleteIfExists(RunFile.path(behalf.data));
    System.out.println("Stopped.");
    return 0;
  }

  private static boolean isOurs(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains("standalone");
  }

  private static void stop(ProcessHandle process) {
    process.destroy();
    process.onExit().orTimeout(Installation.TO_END.toSeconds(), TimeUnit.SECONDS).join();
  }
}
