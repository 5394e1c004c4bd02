package dev.behalf.standalone;

import dev.behalf.cli.Cli;
import dev.behalf.cli.UnexpectedError;
import dev.behalf.database.DatabaseRefused;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The complete {@code behalf} command: the operator's commands, and the client commands of {@link
 * Cli}.
 */
@Command(
    name = "behalf",
    description = "Runs background jobs with the API key of the user who submitted them.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Up.class,
      Down.class,
      Status.class,
      Logs.class,
      Demo.class,
      Check.class,
      OperatorsOfThis.class,
      OperationsOfThis.class,
      PlatformsOfThis.class,
      Engines.class,
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
      description = "Data folder of the installation (default: ${DEFAULT-VALUE}).")
  Path data = Path.of(".behalf");

  /** Connects to the running system's database as the owner of its tables. */
  Connection database() throws IOException, SQLException {
    var url = RunFile.require(data).database();
    var owner = new SecretFile(data.resolve("secrets.properties")).roles().owner();
    return DriverManager.getConnection(url, owner.name(), owner.password());
  }

  public static void main(String[] args) {
    System.exit(run(System.err, args));
  }

  /**
   * Runs a command in this process and returns its exit code. Errors are printed to {@code err}.
   */
  public static int run(PrintStream err, String... args) {
    var line = commandLine();
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    return args.length == 0 ? line.execute("help") : line.execute(args);
  }

  static CommandLine commandLine() {
    var line = new CommandLine(new Behalf());
    Cli.addTo(line);
    line.setExecutionExceptionHandler(
        (thrown, command, parsed) -> {
          command.getErr().println("behalf: " + sentence(thrown));
          return 1;
        });
    return line;
  }

  /** Returns a sentence for the person at the terminal, who cannot use a stack trace. */
  private static String sentence(Throwable thrown) {
    return switch (thrown) {
      case UserError told -> String.valueOf(told.getMessage());
      case DatabaseRefused told -> String.valueOf(told.getMessage());
      case ConnectException e -> "No service answers: see `behalf status`.";
      case HttpTimeoutException e -> "The request timed out: see `behalf status`.";
      case SQLException e ->
          isAway(e)
              ? "The database does not answer: see `behalf status`."
              : UnexpectedError.sentence(e);
      case NoSuchFileException e -> "File not found: " + e.getFile() + ".";
      case AccessDeniedException e -> "Permission denied: " + e.getFile() + ".";
      case FileSystemException e -> e.getFile() + ": " + e.getReason() + ".";
      default -> UnexpectedError.sentence(thrown);
    };
  }

  /**
   * Returns whether the database is unreachable: SQLSTATE class 08 means connection errors, class
   * 57 a server that stops.
   */
  private static boolean isAway(SQLException e) {
    var state = Objects.requireNonNullElse(e.getSQLState(), "");
    return state.startsWith("08") || state.startsWith("57");
  }
}
