package dev.behalf.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.flywaydb.core.Flyway;

/** A database of Behalf on a PostgreSQL server. */
public final class BehalfDatabase {

  private static final String NO_SUCH_DATABASE = "3D000";
  private static final String NOT_ALLOWED = "42501";

  private final String host;
  private final int port;
  private final String name;
  private final Roles roles;
  private final Map<String, String> parameters;

  public BehalfDatabase(String host, int port, String name, Roles roles) {
    this(host, port, name, roles, Map.of());
  }

  /**
   * Describes a database whose connections need parameters.
   *
   * @param parameters the parameters of every connection, such as {@code sslmode} and {@code
   *     sslrootcert}
   */
  public BehalfDatabase(
      String host, int port, String name, Roles roles, Map<String, String> parameters) {
    this.host = host;
    this.port = port;
    this.name = name;
    this.roles = roles;
    this.parameters = Map.copyOf(parameters);
  }

  public String url() {
    return url(name);
  }

  public Roles roles() {
    return roles;
  }

  /**
   * Creates the roles and the database if they are missing, and sets the roles' passwords.
   *
   * @param admin a login that may create what is missing; migrations do not need it
   * @throws DatabaseRefused if the login lacks these rights; then nothing was changed
   */
  public void create(Roles.Login admin) throws SQLException {
    try (var connection = anywhere(admin)) {
      new Setup(connection, roles, name).run();
    }
  }

  /**
   * Connects to the {@code postgres} database, or to the existing database of Behalf if {@code
   * postgres} is missing or refuses the login.
   */
  private Connection anywhere(Roles.Login admin) throws SQLException {
    try {
      return connect("postgres", admin);
    } catch (SQLException notThere) {
      if (Set.of(NO_SUCH_DATABASE, NOT_ALLOWED).contains(String.valueOf(notThere.getSQLState()))) {
        return connect(name, admin);
      }
      throw notThere;
    }
  }

  /** Runs the pending migrations as the owner: all of them, or none. */
  public void migrate() throws SQLException {
    try (var connection = connect(roles.owner());
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select pg_get_userbyid(datdba) = current_user from pg_database"
                    + " where datname = current_database()")) {
      rows.next();
      if (rows.getBoolean(1)) {
        // Repeated on every migration, because a restored database lacks these grants.
        Setup.closeToPublic(connection, roles, name);
      }
    }
    Flyway.configure()
        .dataSource(url(), roles.owner().name(), roles.owner().password())
        .schemas("behalf")
        .createSchemas(true)
        .group(true)
        .placeholders(Map.of("web", roles.web().name(), "compute", roles.compute().name()))
        .load()
        .migrate();
  }

  /** Drops the database and terminates its connections. */
  public void drop(Roles.Login admin) throws SQLException {
    try (var connection = connect("postgres", admin)) {
      Setup.execute(connection, "drop database if exists %I with (force)", name);
    }
  }

  public Connection connect(Roles.Login login) throws SQLException {
    return connect(name, login);
  }

  private Connection connect(String database, Roles.Login login) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", login.name());
    properties.setProperty("password", login.password());
    return DriverManager.getConnection(url(database), properties);
  }

  private String url(String database) {
    return "jdbc:postgresql://%s:%d/%s%s"
        .formatted(
            host,
            port,
            database,
            parameters.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(p -> p.getKey() + "=" + URLEncoder.encode(p.getValue(), UTF_8))
                .reduce("", (all, p) -> all + (all.isEmpty() ? "?" : "&") + p));
  }
}
