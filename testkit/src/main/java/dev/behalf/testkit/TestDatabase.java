package dev.behalf.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.database.Roles;
import dev.behalf.database.Roles.Login;
import dev.behalf.standalone.EmbeddedDatabase;
import dev.behalf.standalone.Ports;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * Creates migrated test databases on a real PostgreSQL: the one on this machine, one in a
 * container, or an embedded one. Each database is dropped when the JVM ends.
 */
public final class TestDatabase {

  /** Roles that differ from those of a real installation on the same server. */
  private static final Roles ROLES =
      new Roles(
          new Login("behalf_test_owner", "owner"),
          new Login("behalf_test_web", "web"),
          new Login("behalf_test_compute", "compute"));

  private record Access(String url, Login login) {}

  private static final Map<Access, HikariDataSource> POOLS = new ConcurrentHashMap<>();

  private record Server(String host, int port, Login admin) {}

  private static final class Once {
    static final Server SERVER = server();
  }

  private TestDatabase() {}

  public static BehalfDatabase create() {
    var server = Once.SERVER;
    var name = "behalf_test_" + UUID.randomUUID().toString().replace("-", "");
    var database = new BehalfDatabase(server.host(), server.port(), name, ROLES);
    try {
      database.create(server.admin());
      database.migrate();
    } catch (SQLException e) {
      throw new IllegalStateException("The test database could not be made.", e);
    }
    AtExit.close(() -> drop(database, server));
    return database;
  }

  /**
   * Returns the pool of at most 16 connections to a database with the rights of a login, as a
   * service has one. A test that connected for each statement would take most of its time for that.
   * A pooled connection keeps its settings, so change none, and reports its statistics late: see
   * {@link #disconnect}.
   */
  public static DataSource pool(BehalfDatabase database, Login login) {
    return POOLS.computeIfAbsent(new Access(database.url(), login), TestDatabase::newPool);
  }

  /**
   * Closes the pools of a database, whose connections then report their statistics. The next use
   * makes a new pool. No test may hold a pool of this database, and no other thread may use one
   * meanwhile.
   */
  public static void disconnect(BehalfDatabase database) {
    POOLS.forEach(
        (access, pool) -> {
          if (access.url().equals(database.url()) && POOLS.remove(access, pool)) {
            pool.close();
          }
        });
  }

  /** Runs statements as the owner of a database. */
  public static void execute(BehalfDatabase database, String statements) throws SQLException {
    try (var connection = owner(database).getConnection();
        var statement = connection.createStatement()) {
      statement.execute(statements);
    }
  }

  /** Returns the first column of a query's first row, read as the owner of a database. */
  public static String text(BehalfDatabase database, String query) {
    try (var connection = owner(database).getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  /** Stores a new user, for tests without sign-up; returns the id. */
  public static UUID newUser(BehalfDatabase database) {
    var id = UUID.randomUUID();
    try (var connection = owner(database).getConnection();
        var statement =
            connection.prepareStatement(
                "insert into accounts.users (id, email, password_hash, created_at, version)"
                    + " values (?, ?, '', now(), 0)")) {
      statement.setObject(1, id);
      statement.setString(2, id + "@example.com");
      statement.executeUpdate();
      return id;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DataSource owner(BehalfDatabase database) {
    return pool(database, database.roles().owner());
  }

  private static HikariDataSource newPool(Access access) {
    var pool = new HikariConfig();
    pool.setJdbcUrl(access.url());
    pool.setUsername(access.login().name());
    pool.setPassword(access.login().password());
    // The test JVMs that run at once share the server's 100 connections: unused ones are closed.
    pool.setMinimumIdle(0);
    pool.setIdleTimeout(10_000);
    pool.setMaximumPoolSize(16);
    return new HikariDataSource(pool);
  }

  private static void drop(BehalfDatabase database, Server server) {
    try {
      database.drop(server.admin());
    } catch (SQLException serverIsGone) {
      // An embedded server ends with this JVM and takes the database along.
    }
  }

  private static Server server() {
    return found().or(TestDatabase::container).orElseGet(TestDatabase::embedded);
  }

  private static Optional<Server> found() {
    var admin = new Login("postgres", System.getenv().getOrDefault("PGPASSWORD", ""));
    try (var connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:5432/postgres?connectTimeout=2",
            admin.name(),
            admin.password())) {
      return connection.getMetaData().getDatabaseMajorVersion() >= 14
          ? Optional.of(new Server("127.0.0.1", 5432, admin))
          : Optional.empty();
    } catch (SQLException none) {
      return Optional.empty();
    }
  }

  private static Optional<Server> container() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.empty();
    }
    var container = new PostgreSQLContainer("postgres:17-alpine");
    container.start();
    return Optional.of(
        new Server(
            container.getHost(),
            container.getFirstMappedPort(),
            new Login(container.getUsername(), container.getPassword())));
  }

  private static Server embedded() {
    try {
      var server =
          new EmbeddedDatabase(
              Files.createTempDirectory("behalf-postgres"), Ports.free(), "postgres");
      AtExit.close(server);
      return new Server("127.0.0.1", server.port(), server.admin());
    } catch (Exception e) {
      throw new IllegalStateException("The embedded PostgreSQL could not be started.", e);
    }
  }
}
