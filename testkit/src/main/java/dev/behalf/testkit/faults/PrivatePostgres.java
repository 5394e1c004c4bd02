package dev.behalf.testkit.faults;

import dev.behalf.database.BehalfDatabase;
import dev.behalf.database.Roles;
import dev.behalf.database.Roles.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** A PostgreSQL for one test, which may kill it, with a synchronous standby on request. */
public final class PrivatePostgres implements AutoCloseable {

  private static final String STANDBY = "standby";
  private static final Roles ROLES =
      new Roles(
          new Login("behalf_owner", "owner"),
          new Login("behalf_web", "web"),
          new Login("behalf_compute", "compute"));

  private final Path folder;
  private final PostgresNode primary;
  private final @Nullable PostgresNode standby;

  private PrivatePostgres(Path folder, PostgresNode primary, @Nullable PostgresNode standby) {
    this.folder = folder;
    this.primary = primary;
    this.standby = standby;
  }

  /** Starts a single server; empty if PostgreSQL is not installed. */
  public static Optional<PrivatePostgres> alone() throws Exception {
    return alone(folder());
  }

  /** Starts a single server with its data in the given folder. */
  public static Optional<PrivatePostgres> alone(Path folder) throws Exception {
    var programs = programs();
    if (programs.isEmpty()) {
      return Optional.empty();
    }
    own(folder);
    var primary = new PostgresNode(programs.get(), folder, "primary");
    primary.initialize();
    primary.startAndWait();
    return Optional.of(closedAtExit(new PrivatePostgres(folder, primary, null)));
  }

  /**
   * Starts a primary with a synchronous standby: a commit is confirmed only when the standby has it
   * too.
   */
  public static Optional<PrivatePostgres> withStandby() throws Exception {
    var programs = programs();
    if (programs.isEmpty()) {
      return Optional.empty();
    }
    var folder = folder();
    var primary =
        new PostgresNode(programs.get(), folder, "primary", "synchronous_standby_names=" + STANDBY);
    primary.initialize();
    primary.startAndWait();
    var standby = new PostgresNode(programs.get(), folder, "standby");
    standby.copyOf(primary, STANDBY);
    standby.startAndWait();
    Awaitility.await().until(() -> isFollowed(primary));
    return Optional.of(closedAtExit(new PrivatePostgres(folder, primary, standby)));
  }

  public PostgresNode primary() {
    return primary;
  }

  public PostgresNode standby() {
    if (standby == null) {
      throw new IllegalStateException("This one is alone.");
    }
    return standby;
  }

  /** Creates the roles and tables, as in production. */
  public BehalfDatabase database() throws SQLException {
    var database = onPort(primary.port());
    database.create(PostgresNode.ADMIN);
    database.migrate();
    return database;
  }

  /** Returns the same database on the standby, to read after its promotion. */
  public BehalfDatabase afterPromotion() {
    return onPort(standby().port());
  }

  /** Returns the URL for services that follow a promotion. */
  public String urlOfBoth() {
    return "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/behalf?targetServerType=primary&connectTimeout=2"
        .formatted(primary.port(), standby().port());
  }

  static boolean isRoot() {
    return System.getProperty("user.name", "").equals("root");
  }

  @Override
  public void close() {
    if (standby != null) {
      standby.kill();
    }
    primary.kill();
    FileSystemUtils.deleteRecursively(folder.toFile());
  }

  private static BehalfDatabase onPort(int port) {
    return new BehalfDatabase("127.0.0.1", port, "behalf", ROLES);
  }

  private static PrivatePostgres closedAtExit(PrivatePostgres postgres) {
    Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
    return postgres;
  }

  private static boolean isFollowed(PostgresNode primary) throws SQLException {
    try (var connection = primary.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select 1 from pg_stat_replication where sync_state = 'sync' and state = 'streaming'")) {
      return rows.next();
    }
  }

  private static Path folder() throws IOException {
    return own(Files.createTempDirectory("behalf-postgres"));
  }

  private static Path own(Path folder) throws IOException {
    if (isRoot()) {
      var users = folder.getFileSystem().getUserPrincipalLookupService();
      Files.setOwner(folder, users.lookupPrincipalByName("postgres"));
    }
    return folder;
  }

  /** Returns the programs of the newest installed version. */
  private static Optional<Path> programs() throws IOException {
    var all = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(all)) {
      return Optional.empty();
    }
    try (var versions = Files.list(all)) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("bin/postgres")))
          .max(Comparator.comparingDouble(PrivatePostgres::number))
          .map(version -> version.resolve("bin"));
    }
  }

  /** The number of a version's folder: 15, or 9.6. */
  private static double number(Path version) {
    return Double.parseDouble(version.getFileName().toString());
  }
}
