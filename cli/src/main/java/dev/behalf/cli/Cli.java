package dev.behalf.cli;

import dev.behalf.cli.terminal.Terminal;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The client commands, for users of a Behalf server. The launcher script runs them through {@link
 * #main}, which starts quickly and needs no other module. The complete {@code behalf} command adds
 * the same commands to its own.
 */
public final class Cli {

  private Cli() {}

  @Command(
      name = "behalf",
      description = "Runs background jobs with the API key of the user who submitted them.",
      synopsisSubcommandLabel = "COMMAND")
  static final class Root {

    @Option(
        names = "--data",
        paramLabel = "DIR",
        scope = ScopeType.INHERIT,
        defaultValue = ".behalf",
        description = "Data folder of a Behalf that runs here (default: ${DEFAULT-VALUE}).")
    Path data = Path.of(".behalf");
  }

  public static void main(String[] args) {
    System.exit(run(Shell.ofProcess(), args));
  }

  /**
   * Runs a command in this process, without a terminal.
   *
   * @param variables the environment: HOME, XDG_CONFIG_HOME, BEHALF_SERVER, BEHALF_API_KEY …
   * @return the exit code
   */
  public static int run(
      Map<String, String> variables,
      InputStream in,
      PrintStream out,
      PrintStream err,
      String... args) {
    return run(Shell.withoutTerminal(variables, in, out, err), args);
  }

  /** Returns the program's name and its released version. */
  static String version() {
    return "behalf "
        + Objects.requireNonNullElse(
            Cli.class.getPackage().getImplementationVersion(), "(built from source)");
  }

  static int run(Shell shell, String... args) {
    var behalf = new CommandLine(new Root());
    addTo(behalf, shell);
    return args.length == 0 ? behalf.execute("help") : behalf.execute(args);
  }

  /**
   * Adds the client commands and the error handlers to an operator's command line, the help and
   * version options to all its commands, and exit codes to the help of the client commands.
   */
  public static void addTo(CommandLine behalf) {
    addTo(behalf, Shell.ofProcess());
  }

  private static void addTo(CommandLine behalf, Shell shell) {
    for (var command : commands(shell)) {
      behalf.addSubcommand(command);
      describeExits(command);
    }
    describe(behalf);
    behalf.addSubcommand(new HelpCommand());
    // An @ begins the name of a file with JSON, see InputSource; picocli would read arguments
    // there.
    behalf.setExpandAtFiles(false);
    behalf.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8));
    behalf.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
    behalf.setUsageHelpAutoWidth(shell.terminal().isLive());
    behalf.setColorScheme(
        Help.defaultColorScheme(shell.terminal().isColoured() ? Help.Ansi.ON : Help.Ansi.OFF));
    behalf.setParameterExceptionHandler((wrong, args) -> tell(wrong));
    behalf.setExecutionExceptionHandler(
        (fault, command, parsed) -> {
          tell(command, "behalf: " + UnexpectedError.sentence(fault));
          return Exit.UNWELL.code();
        });
  }

  /** Adds {@code --help} and {@code --version} to a command and its subcommands. */
  private static void describe(CommandLine command) {
    if (command.getCommand() instanceof HelpCommand) {
      return;
    }
    command
        .getCommandSpec()
        .version(version())
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Shows this help.")
                .build())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Shows the version.")
                .build());
    command.getSubcommands().values().forEach(Cli::describe);
  }

  private static List<CommandLine> commands(Shell shell) {
    return List.of(
        new CommandLine(new Login(shell)),
        new CommandLine(new Logout(shell)),
        new CommandLine(new Submit(shell)),
        new CommandLine(new Watch(shell)),
        new CommandLine(new ListJobs(shell)),
        new CommandLine(new ShowJob(shell)),
        new CommandLine(new CancelJob(shell)),
        new CommandLine(new RetryJob(shell)),
        new CommandLine(new Keys(shell))
            .addSubcommand(new CreateKey(shell))
            .addSubcommand(new RotateKey(shell))
            .addSubcommand(new RevokeKey(shell)),
        new CommandLine(new Batches(shell))
            .addSubcommand(new SendBatch(shell))
            .addSubcommand(new ShowBatch(shell))
            .addSubcommand(new BatchResults(shell))
            .addSubcommand(new CancelBatch(shell)),
        new CommandLine(new Usage(shell)));
  }

  private static void describeExits(CommandLine command) {
    var usage = command.getCommandSpec().usageMessage();
    usage.exitCodeListHeading("%nExit codes:%n");
    usage.exitCodeList(Exit.list());
    command.getSubcommands().values().forEach(Cli::describeExits);
  }

  /** Reports wrong usage. Picocli's message repeats what was typed, which may be a key. */
  private static int tell(ParameterException wrong) {
    var line = wrong.getCommandLine();
    tell(line, "behalf: " + sentence(wrong));
    if (!Terminal.withoutKeys(String.valueOf(wrong.getMessage())).equals(wrong.getMessage())) {
      tell(
          line,
          "A key is never an argument: other users of this machine can read arguments, and your"
              + " shell stores them. Revoke the key.");
    } else {
      UnmatchedArgumentException.printSuggestions(wrong, line.getErr());
    }
    tell(line, "See `" + help(line) + "`.");
    return Exit.USAGE.code();
  }

  private static void tell(CommandLine line, String sentence) {
    sentence
        .lines()
        .map(Terminal::clean)
        .map(Terminal::withoutKeys)
        .forEach(line.getErr()::println);
    line.getErr().flush();
  }

  private static String sentence(ParameterException wrong) {
    var message = String.valueOf(wrong.getMessage());
    return wrong instanceof UnmatchedArgumentException unmatched
            && !unmatched.isUnknownOption()
            && !wrong.getCommandLine().getSubcommands().isEmpty()
        ? "Unknown command: \"%s\".".formatted(unmatched.getUnmatched().getFirst())
        : message;
  }

  private static String help(CommandLine line) {
    var parent = line.getParent();
    if (parent == null) {
      return line.getCommandName() + " help";
    }
    return parent.getParent() == null
        ? help(parent) + " " + line.getCommandName()
        : line.getCommandSpec().qualifiedName() + " --help";
  }
}
