package dev.behalf.standalone;

import dev.behalf.memory.IdleHeap;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "up",
    description = "Starts everything and waits until it is healthy; Ctrl-C stops it.",
    footer =
        "Environment: BEHALF_COMPILATION=quick uses the JVM's quick compiler alone (default on up to"
            + " two processors), BEHALF_COMPILATION=full also the optimising one.")
final class Up implements Callable<Integer> {

  private static final String BROKER = "BEHALF_BROKER_URL";
  private static final String DATABASE = "BEHALF_DATABASE_URL";

  @ParentCommand Behalf behalf = new Behalf();

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "Port of the page (default: ${DEFAULT-VALUE}; a free one if it is in use).")
  int port;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = Time.class,
      description =
          "Maximum time for a service to start, such as 90s or 10m (default: ${DEFAULT-VALUE}).")
  Duration timeout = Duration.ofMinutes(10);

  @Option(
      names = "--detach",
      description = "Returns once everything is healthy; `behalf down` stops it.")
  boolean detach;

  @Option(names = "--in-background", hidden = true, description = "Started by --detach.")
  boolean inBackground;

  @Option(
      names = "--broker",
      paramLabel = "URL",
      description =
          "RabbitMQ to use, as amqp://user:password@host:port (default:"
              + " SPRING_RABBITMQ_ADDRESSES, or embedded).")
  @Nullable URI broker;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description = {
        "PostgreSQL to use, as postgresql://admin:password@host:port/name (default:"
            + " SPRING_DATASOURCE_URL, or embedded); over TLS with"
            + " ?sslmode=verify-full&sslrootcert=FILE.",
        "The administrator creates the roles and the database; services never get its password."
      })
  @Nullable URI database;

  @Option(
      names = "--role-prefix",
      paramLabel = "PREFIX",
      description =
          "Prefix of role names, such as staging_, so that installations can share a PostgreSQL.")
  @Nullable String rolePrefix;

  @Option(
      names = "--operations",
      paramLabel = "FOLDER",
      description =
          "Folder with definitions of operations, applied at the start and whenever a file"
              + " changes.")
  @Nullable Path operations;

  @Option(
      names = "--engine-secrets",
      paramLabel = "FOLDER",
      description = "Folder with the secrets of engines, a file for each name.")
  @Nullable Path engineSecrets;

  @ArgGroup(exclusive = false)
  @Nullable ChatServer chat;

  private final PrintStream out = System.out;

  /** Converter for durations in whole seconds, minutes or hours. */
  static final class Time implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      if (!text.matches("[1-9]\\d{0,5}[smh]")) {
        throw new TypeConversionException("'" + text + "' is not a time: write 90s, 10m or 1h");
      }
      return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }
  }

  @Override
  public Integer call() throws Exception {
    if (port < 0 || port > 65_535) {
      throw new UserError("Invalid port: use 1 to 65535, or 0 for any free port.");
    }
    if (operations != null && !Files.isDirectory(operations)) {
      throw new UserError(operations + " is not a folder.");
    }
    if (engineSecrets != null && !Files.isDirectory(engineSecrets)) {
      throw new UserError(engineSecrets + " is not a folder.");
    }
    if (chat != null) {
      chat.require(engineSecrets);
    }
    Compilation.chosen(); // fails early on an invalid value
    PrivateFolder.at(behalf.data);
    var outsideDatabase = databaseAddress();
    var outsideBroker = brokerAddress();
    if (outsideDatabase != null) {
      OutsideServers.requireDatabase(outsideDatabase);
    }
    if (outsideBroker != null && (broker != null || OutsideServers.isOneBroker(outsideBroker))) {
      OutsideServers.requireBroker(outsideBroker);
    }
    if (detach) {
      return startInBackground();
    }
    var closed = new CountDownLatch(1);
    stopOnSignal(Thread.currentThread(), closed);
    try (var channel =
            FileChannel.open(
                behalf.data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = lock(channel);
        var installation = new Installation(behalf.data, out::println)) {
      if (rolePrefix != null) {
        installation.useRolePrefix(rolePrefix);
      }
      if (operations != null) {
        installation.applyOperations(operations.toAbsolutePath());
      }
      if (engineSecrets != null) {
        installation.useEngineSecrets(engineSecrets.toAbsolutePath());
      }
      if (chat != null) {
        installation.useChat(chat.settings());
      }
      stopOrphans();
      run(installation, outsideBroker, outsideDatabase);
      return 0;
    } finally {
      closed.countDown();
    }
  }

  /**
   * Interrupts the main thread on Ctrl-C and SIGTERM; the process ends when that thread has closed
   * everything.
   */
  private static void stopOnSignal(Thread main, CountDownLatch closed) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (closed.getCount() > 0) {
                    main.interrupt();
                    awaitQuietly(closed);
                  }
                }));
  }

  private void run(
      Installation installation, @Nullable URI outsideBroker, @Nullable URI outsideDatabase)
      throws Exception {
    try {
      var run = installation.start(port, outsideBroker, outsideDatabase, timeout);
      run.write(behalf.data);
      IdleHeap.watch(); // this process has the broker if none was found
      out.println();
      out.println(Background.READY + run.page());
      if (!inBackground) {
        out.println("Sign up there and press the button. Ctrl-C stops everything.");
      }
      while (true) {
        TimeUnit.SECONDS.sleep(1);
        installation.printMails();
        if (installation.restartEnded()) {
          installation.runFile(run.web(), run.database()).write(behalf.data);
        }
      }
    } catch (InterruptedException stopped) {
      out.println("stopping: running jobs finish first");
      Files.deleteIfExists(RunFile.path(behalf.data));
    }
  }

  private @Nullable URI brokerAddress() {
    return broker != null
        ? broker
        : fromEnvironment(BROKER)
            .or(() -> fromEnvironment("SPRING_RABBITMQ_ADDRESSES"))
            .orElse(null);
  }

  private static Optional<URI> fromEnvironment(String name) {
    return Optional.ofNullable(System.getenv(name)).map(text -> uri(name, text));
  }

  private static URI uri(String name, String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException wrong) {
      // The message does not repeat the text, which may contain a password.
      throw new UserError(name + " is not an address: write scheme://user:password@host:port.");
    }
  }

  private @Nullable URI databaseAddress() {
    if (database != null || System.getenv(DATABASE) != null) {
      return database != null ? database : fromEnvironment(DATABASE).orElse(null);
    }
    var url = System.getenv("SPRING_DATASOURCE_URL");
    if (url == null) {
      return null;
    }
    var address = uri("SPRING_DATASOURCE_URL", url.replaceFirst("^jdbc:", ""));
    var user = System.getenv().getOrDefault("SPRING_DATASOURCE_USERNAME", "postgres");
    var password = System.getenv().getOrDefault("SPRING_DATASOURCE_PASSWORD", "");
    return URI.create(
        "postgresql://"
            + URLEncoder.encode(user, StandardCharsets.UTF_8).replace("+", "%20")
            + ":"
            + URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20")
            + "@"
            + address.getRawAuthority()
            + address.getRawPath()
            + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery()));
  }

  private static AutoCloseable lock(FileChannel channel) throws IOException {
    try {
      var lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException heldHere) {
      // This process holds the lock: reported like a lock of another process.
    }
    throw new UserError(
        "Already running from this folder: see `behalf status`, or choose another with --data.");
  }

  /** Stops the services of an earlier run that was killed before it could stop them. */
  private void stopOrphans() throws IOException {
    var earlier = RunFile.read(behalf.data);
    if (earlier.isPresent()) {
      for (var child : earlier.get().children()) {
        child
            .process()
            .ifPresent(
                process -> {
                  out.println(child.name() + " still runs from an earlier start: stopping it");
                  process.destroy();
                  process.onExit().orTimeout(Service.TO_END.toSeconds(), TimeUnit.SECONDS).join();
                });
      }
      Files.delete(RunFile.path(behalf.data));
    }
  }

  private int startInBackground() throws IOException, InterruptedException {
    var options =
        new ArrayList<>(
            List.of("--port", String.valueOf(port), "--timeout", timeout.toSeconds() + "s"));
    if (rolePrefix != null) {
      options.addAll(List.of("--role-prefix", rolePrefix));
    }
    if (operations != null) {
      options.addAll(List.of("--operations", operations.toAbsolutePath().toString()));
    }
    if (engineSecrets != null) {
      options.addAll(List.of("--engine-secrets", engineSecrets.toAbsolutePath().toString()));
    }
    if (chat != null) {
      options.addAll(chat.options());
    }
    // In the environment, because everybody can read the arguments of a process.
    var environment = new HashMap<String, String>();
    if (broker != null) {
      environment.put(BROKER, broker.toString());
    }
    if (database != null) {
      environment.put(DATABASE, database.toString());
    }
    return new Background(behalf.data, out).start(options, environment);
  }

  private static void awaitQuietly(CountDownLatch closed) {
    try {
      closed.await(Installation.TO_END.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
