package dev.behalf.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The operators of the installation. Only the login of the tables' owner can appoint an operator:
 * no page and no port can, so that a stolen session cannot gain these rights.
 */
public final class Operators {

  private static final String BY = "database login";

  private final Connection connection;

  /** Uses a connection of the owner. */
  public Operators(Connection connection) {
    this.connection = connection;
  }

  /** The role of an account in the installation, stored as scopes of the user. */
  public enum Role {
    /** No more rights than any user. */
    NONE(""),
    /** May see the state of the installation. */
    OBSERVER(" ops:read"),
    /** May also change the installation. */
    OPERATOR(" ops:read ops:write");

    private final String scopes;

    Role(String scopes) {
      this.scopes = scopes;
    }

    private String wire() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * An account. Until its e-mail address is verified, nobody has proved that the address is theirs.
   */
  public record Account(
      UUID id, String email, boolean isVerified, Timestamp createdAt, String role) {}

  /** Returns the accounts with this e-mail address or id, oldest first. */
  public List<Account> find(String emailOrId) throws SQLException {
    return accounts("id::text = lower(?) or email = lower(?)", emailOrId, emailOrId);
  }

  public List<Account> list() throws SQLException {
    return accounts("position('ops:' in scopes) > 0");
  }

  /** Sets the role of a user. The change takes effect within a second, also in open sessions. */
  public void set(UUID user, Role role) throws SQLException {
    connection.setAutoCommit(false);
    execute(
        "update accounts.users set scopes = btrim(regexp_replace(scopes, '(^| )ops:[a-z]+', '', 'g') || ?) where id = ?",
        role.scopes,
        user);
    execute(
        "insert into ops.audit_log (operator, action, about, details) values (?, 'operator.set', ?, jsonb_build_object('role', ?::text))",
        BY,
        user.toString(),
        role.wire());
    execute(
        """
        insert into accounts.audit_log (user_id, at, actor, action, details)
        values (?, now(), 'operator', 'operator.set', jsonb_build_object('role', ?::text))
        """,
        user,
        role.wire());
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void execute(String sql, Object... values) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private List<Account> accounts(String condition, String... values) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "select id, email, email_verified_at is not null as verified, created_at, scopes from accounts.users where "
                + condition
                + " order by id")) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      var found = new ArrayList<Account>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var scopes = rows.getString("scopes");
          found.add(
              new Account(
                  rows.getObject("id", UUID.class),
                  rows.getString("email"),
                  rows.getBoolean("verified"),
                  rows.getTimestamp("created_at"),
                  scopes.contains("ops:write")
                      ? Role.OPERATOR.wire()
                      : scopes.contains("ops:read") ? Role.OBSERVER.wire() : Role.NONE.wire()));
        }
      }
      return found;
    }
  }
}
