package dev.behalf.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Who looks after the installation. With the login of the tables' owner, and in no other way: no
 * page and no port makes an operator, so that nobody who has got hold of a session can make more of
 * it.
 */
public final class Operators {

  private static final String BY = "database login";

  private final Connection connection;

  /** On a connection of the owner. */
  public Operators(Connection connection) {
    this.connection = connection;
  }

  /** What somebody may do; the words stand in a user's scopes. */
  public enum Role {
    /** Nothing more than others. */
    NONE(""),
    /** See how the installation is doing. */
    OBSERVER(" ops:read"),
    /** Change it as well. */
    OPERATOR(" ops:read ops:write");

    private final String scopes;

    Role(String scopes) {
      this.scopes = scopes;
    }

    private String wire() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** An account. Nobody has proved that an address is theirs before it is verified. */
  public record Account(
      UUID id, String email, boolean isVerified, Timestamp createdAt, String role) {}

  /** By address or id; the oldest first. */
  public List<Account> find(String emailOrId) throws SQLException {
    return accounts("id::text = lower(?) or email = lower(?)", emailOrId, emailOrId);
  }

  public List<Account> list() throws SQLException {
    return accounts("position('ops:' in scopes) > 0");
  }

  /** It holds within a second, also for sessions that there are. */
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
