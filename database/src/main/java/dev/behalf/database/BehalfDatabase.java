package dev.behalf.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.flywaydb.core.Flyway;

/** One database on one server. */
public final class BehalfDatabase {

  private final String host;
  private final int port;
  private final String name;
  private final Roles roles;

  public BehalfDatabase(String host, int port, String name, Roles roles) {
    this.host = host;
    this.port = port;
    this.name = name;
    this.roles = roles;
  }

  public String url() {
    return url(name);
  }

  public Roles roles() {
    return roles;
  }

  /**
   * Makes roles and database where they are missing, and sets the roles' passwords.
   *
   * @param admin may create roles and databases; needed only here
   */
  public void create(Roles.Login admin) throws SQLException {
    try (var connection = connect("postgres", admin)) {
      for (var role : new Roles.Login[] {roles.owner(), roles.web(), roles.compute()}) {
        ensureRole(connection, role);
      }
      if (!exists(connection, "select from pg_database where datname = ?", name)) {
        execute(connection, "create database %I owner %I", name, roles.owner().name());
      }
      execute(connection, "revoke all on database %I from public", name);
      execute(
          connection,
          "grant connect on database %I to %I, %I",
          name,
          roles.web().name(),
          roles.compute().name());
    }
  }

  /** Runs the migrations that are new, as the owner. */
  public void migrate() {
    Flyway.configure()
        .dataSource(url(), roles.owner().name(), roles.owner().password())
        .schemas("behalf")
        .createSchemas(true)
        .placeholders(Map.of("web", roles.web().name(), "compute", roles.compute().name()))
        .load()
        .migrate();
  }

  /** Removes the database and whatever is connected to it. */
  public void drop(Roles.Login admin) throws SQLException {
    try (var connection = connect("postgres", admin)) {
      execute(connection, "drop database if exists %I with (force)", name);
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
    return "jdbc:postgresql://%s:%d/%s".formatted(host, port, database);
  }

  private static void ensureRole(Connection connection, Roles.Login role) throws SQLException {
    if (!exists(connection, "select from pg_roles where rolname = ?", role.name())) {
      execute(connection, "create role %I login", role.name());
    }
    execute(connection, "alter role %I password %L", role.name(), role.password());
  }

  private static boolean exists(Connection connection, String sql, String name)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, name);
      try (var rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** Utility statements take no parameters: the server itself quotes the names. */
  private static void execute(Connection connection, String format, String... values)
      throws SQLException {
    String sql;
    try (var statement = connection.prepareStatement("select format(?, variadic ?::text[])")) {
      statement.setString(1, format);
      statement.setArray(2, connection.createArrayOf("text", values));
      try (var rows = statement.executeQuery()) {
        rows.next();
        sql = rows.getString(1);
      }
    }
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
