package dev.behalf.standalone;

import dev.behalf.cli.Cli;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The whole command: what an operator does, and beside it what {@link Cli} does for everybody. */
@Command(
    name = "behalf",
    description = "Background work that stays the work of the person who clicked.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Up.class,
      Down.class,
      Status.class,
      Logs.class,
      Demo.class,
      Check.class,
      OperatorsOfThis.class,
      Drill.class,
      ImportKeys.class,
      RewrapKeys.class
    })
public final class Behalf {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      defaultValue = ".behalf",
      description = "Folder that keeps everything between runs (default: ${DEFAULT-VALUE}).")
  Path data = Path.of(".behalf");

  /** Of what runs, as the owner of the tables. */
  Connection database() throws IOException, SQLException {
    var owner = new SecretFile(data.resolve("secrets.properties")).roles().owner();
    return DriverManager.getConnection(
        RunFile.require(data).database(), owner.name(), owner.password());
  }

  public static void main(String[] args) {
    var line = new CommandLine(new Behalf());
    line.setExecutionExceptionHandler(
        (thrown, command, parsed) -> {
          if (!(thrown instanceof UserError)) {
            thrown.printStackTrace(command.getErr());
          }
          command.getErr().println("behalf: " + thrown.getMessage());
          return 1;
        });
    Cli.addTo(line);
    System.exit(args.length == 0 ? line.execute("help") : line.execute(args));
  }
}
