package dev.behalf.database;

import dev.behalf.database.Roles.Login;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Creates the roles and the database. The login need not be a superuser: it needs the right to
 * create roles or databases only if they are missing. Missing rights are reported before anything
 * is changed.
 */
final class Setup {

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private final Connection admin;
  private final Roles roles;
  private final String database;

  Setup(Connection admin, Roles roles, String database) {
    this.admin = admin;
    this.roles = roles;
    this.database = database;
  }

  void run() throws SQLException {
    var exists = exists("select from pg_database where datname = ?", database);
    requireRights(exists);
    admin.setAutoCommit(false);
    // Installations may share these roles, and PostgreSQL refuses to change a role twice at once.
    try (var lock = admin.createStatement()) {
      lock.execute("select pg_advisory_xact_lock(hashtext('behalf roles'))");
    }
    for (var role : List.of(roles.owner(), roles.web(), roles.compute())) {
      ensure(role);
    }
    becomeOwner();
    admin.commit();
    admin.setAutoCommit(true);
    if (!exists) {
      execute("create database %I owner %I", database, roles.owner().name());
    }
    closeToPublic(admin, roles, database);
    execute("grant create, connect, temporary on database %I to %I", database, owner());
  }

  /**
   * Lets only the three roles connect. These grants belong to the server, so that a dump of the
   * database does not contain them.
   */
  static void closeToPublic(Connection connection, Roles roles, String database)
      throws SQLException {
    execute(connection, "revoke all on database %I from public", database);
    execute(
        connection,
        "grant connect on database %I to %I, %I",
        database,
        roles.web().name(),
        roles.compute().name());
  }

  private String owner() {
    return roles.owner().name();
  }

  private void requireRights(boolean databaseExists) throws SQLException {
    var missing = new ArrayList<String>();
    if (!has("rolcreaterole") && !allRolesExist()) {
      missing.add("CREATEROLE (or create the roles first)");
    }
    if (!has("rolcreatedb") && !databaseExists) {
      missing.add("CREATEDB (or create the database \"%s\" first)".formatted(database));
    }
    if (!missing.isEmpty()) {
      throw new DatabaseRefused(
          "The administrator needs " + String.join(" and ", missing) + ". Nothing was changed.");
    }
  }

  private boolean has(String right) throws SQLException {
    try (var statement = admin.createStatement();
        var rows =
            statement.executeQuery(
                "select rolsuper or " + right + " from pg_roles where rolname = current_user")) {
      rows.next();
      return rows.getBoolean(1);
    }
  }

  private boolean allRolesExist() throws SQLException {
    for (var role : List.of(roles.owner(), roles.web(), roles.compute())) {
      if (!exists("select from pg_roles where rolname = ?", role.name())) {
        return false;
      }
    }
    return true;
  }

  private void ensure(Login role) throws SQLException {
    if (!exists("select from pg_roles where rolname = ?", role.name())) {
      execute("create role %I login password %L", role.name(), role.password());
      return;
    }
    // A role that another login created keeps the password it has; a wrong one shows on first use.
    executeIfAllowed("alter role %I password %L", role.name(), role.password());
  }

  /**
   * Makes the login a member of the owner role, because only a member may create a database for a
   * role. A superuser is a member of every role.
   */
  private void becomeOwner() throws SQLException {
    if (exists("select where pg_has_role(current_user, ?::name, 'usage')", owner())) {
      return;
    }
    executeIfAllowed("grant %I to current_user", owner());
  }

  private void executeIfAllowed(String format, String... values) throws SQLException {
    var before = admin.setSavepoint();
    try {
      execute(format, values);
    } catch (SQLException fault) {
      if (!INSUFFICIENT_PRIVILEGE.equals(fault.getSQLState())) {
        throw fault;
      }
      admin.rollback(before);
    }
  }

  private boolean exists(String sql, String name) throws SQLException {
    try (var statement = admin.prepareStatement(sql)) {
      statement.setString(1, name);
      try (var rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /**
   * Runs a utility statement. Such statements accept no parameters, so the server quotes the names.
   */
  private void execute(String format, String... values) throws SQLException {
    execute(admin, format, values);
  }

  static void execute(Connection connection, String format, String... values) throws SQLException {
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
