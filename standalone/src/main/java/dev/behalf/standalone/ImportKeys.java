package dev.behalf.standalone;

import dev.behalf.contract.EmailAddress;
import dev.behalf.standalone.KeyExport.Row;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "import-keys",
    description = {
      "Imports keys of djangorestframework-api-key by their hashes; the keys keep working.",
      "FILE is the JSON of `manage.py dumpdata rest_framework_api_key`, or a CSV with the columns"
          + " prefix and hashed_key,",
      "and optionally name, email, created, expiry_date and revoked. Imports all rows or none."
    })
final class ImportKeys implements Callable<Integer> {

  private static final String INSERT =
      """
      insert into accounts.api_keys
        (user_id, key_id, kind, environment, name, hash, hash_scheme, pepper_id, scopes, created_by,
         created_at, expires_at, revoked_at, version)
      values (?, ?, 'personal', ?, ?, ?, ?, '', ?, 'import', ?, ?, ?, 0)
      on conflict (key_id) do nothing
      """;

  private static final String SCOPE = "((jobs|keys|webhooks):(read|write)|usage:read)";

  @ParentCommand Behalf behalf = new Behalf();

  @Parameters(paramLabel = "FILE", description = "File with the exported keys.")
  Path file = Path.of("");

  @Option(
      names = "--owner",
      paramLabel = "EMAIL",
      description = "Owner of the keys in rows without an email.")
  @Nullable String owner;

  @Option(
      names = "--environment",
      defaultValue = "live",
      description = "Environment of the keys: live or test (default: ${DEFAULT-VALUE}).")
  String environment = "live";

  @Option(
      names = "--scopes",
      defaultValue = "jobs:read jobs:write usage:read",
      description = "Scopes of the keys (default: ${DEFAULT-VALUE}).")
  String scopes = "";

  @Option(
      names = "--unverified",
      description = {
        "Accepts e-mail addresses that are not verified.",
        "Anyone who signed up with such an address gets the keys: check the accounts first."
      })
  boolean unverified;

  @Override
  public Integer call() throws Exception {
    if (!List.of("live", "test").contains(environment)) {
      throw new UserError("Unknown environment: " + environment + ". Use live or test.");
    }
    if (!scopes.matches(SCOPE + "( " + SCOPE + ")*")) {
      throw new UserError(
          "Invalid scopes. Use some of jobs:read jobs:write usage:read keys:read keys:write"
              + " webhooks:read webhooks:write.");
    }
    var rows = KeyExport.read(file);
    try (var connection = behalf.database()) {
      connection.setAutoCommit(false);
      var faults = new ArrayList<String>();
      int imported = 0;
      for (var row : rows) {
        var fault = row.fault();
        var user = fault.isEmpty() ? user(connection, row) : Optional.<UUID>empty();
        if (fault.isPresent() || user.isEmpty()) {
          faults.add(
              row.place()
                  + ": "
                  + fault.orElse("no account has the verified e-mail address " + email(row) + "."));
        } else if (insert(connection, user.get(), row) == 1) {
          audit(connection, user.get(), row);
          imported++;
        } else if (!isOf(connection, user.get(), row)) {
          faults.add(row.place() + ": another key already has this prefix.");
        }
      }
      if (!faults.isEmpty()) {
        faults.forEach(System.err::println);
        throw new UserError("Nothing was imported: correct these rows and run the import again.");
      }
      connection.commit();
      System.out.printf(
          "%d keys imported, %d imported before.%n", imported, rows.size() - imported);
      return 0;
    }
  }

  private Optional<UUID> user(Connection connection, Row row) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select id from accounts.users
            where email = ? and (email_verified_at is not null or ?)
            order by email_verified_at nulls last limit 1
            """)) {
      statement.setString(1, EmailAddress.normalised(email(row)).orElse(""));
      statement.setBoolean(2, unverified);
      try (var users = statement.executeQuery()) {
        return users.next() ? Optional.of(users.getObject(1, UUID.class)) : Optional.empty();
      }
    }
  }

  private String email(Row row) {
    return row.email().isEmpty() && owner != null ? owner : row.email();
  }

  private int insert(Connection connection, UUID user, Row row) throws SQLException {
    try (var statement = connection.prepareStatement(INSERT)) {
      statement.setObject(1, user);
      statement.setString(2, row.prefix());
      statement.setString(3, environment);
      statement.setString(4, row.name().isEmpty() ? "Imported" : row.name());
      statement.setString(5, row.hashedKey());
      statement.setString(6, row.scheme());
      statement.setString(7, scopes);
      statement.setTimestamp(8, time(row.created().orElse(Instant.now())));
      statement.setTimestamp(9, time(row.expires().orElse(null)));
      statement.setTimestamp(10, row.revoked() ? time(Instant.now()) : null);
      return statement.executeUpdate();
    }
  }

  /**
   * Returns whether the user imported this key before. The hash is not compared, because the first
   * use of the key replaces it.
   */
  private static boolean isOf(Connection connection, UUID user, Row row) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "select from accounts.api_keys where user_id = ? and key_id = ? and created_by = 'import'")) {
      statement.setObject(1, user);
      statement.setString(2, row.prefix());
      try (var keys = statement.executeQuery()) {
        return keys.next();
      }
    }
  }

  private static void audit(Connection connection, UUID user, Row row) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            insert into accounts.audit_log (user_id, at, actor, action, object)
            values (?, now(), 'system', 'key.imported', ?)
            """)) {
      statement.setObject(1, user);
      statement.setString(2, row.prefix());
      statement.executeUpdate();
    }
  }

  private static @Nullable Timestamp time(@Nullable Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }
}
