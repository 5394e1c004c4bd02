package dev.behalf.standalone;

import dev.behalf.contract.ClientCredentials;
import dev.behalf.contract.WebOrigin;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "platforms",
    description = {
      "Creates, lists, renews and ends platforms, with the login of the database owner.",
      "A platform is a backend that creates its own users and acts for them: docs/platforms.md."
    },
    synopsisSubcommandLabel = "COMMAND")
final class PlatformsOfThis implements Runnable {

  private static final String SCOPES =
      "users:read,users:write,quota:write,act:jobs,act:keys,webhooks:read,webhooks:write";

  /** The longest time for a change of secrets, in hours: 30 days. */
  private static final int MAX_KEEP = 720;

  @ParentCommand Behalf behalf = new Behalf();

  private final PrintStream out = System.out;

  @Override
  public void run() {
    throw new UserError("Say what to do: create, list, rotate or end.");
  }

  @Command(description = "Creates a platform and prints its credentials, which are shown once.")
  int create(
      @Parameters(
              paramLabel = "NAME",
              description = "1 to 31 lower-case letters, digits and hyphens.")
          String name,
      @Option(
              names = "--scopes",
              split = ",",
              defaultValue = SCOPES,
              description = "What it may do (default: ${DEFAULT-VALUE}).")
          List<String> scopes,
      @Option(
              names = "--origin",
              description =
                  "Web origin whose pages may use watch tokens; may be repeated (default: any).")
          @Nullable List<String> origins)
      throws Exception {
    var named = Objects.requireNonNullElse(origins, List.<String>of());
    if (named.size() > WebOrigin.MAX || !named.stream().allMatch(WebOrigin::isValid)) {
      throw new UserError("Give at most 20 origins as https://shop.example, without a path.");
    }
    var credentials = ClientCredentials.generate();
    try (var connection = behalf.database();
        var statement =
            connection.prepareStatement("select accounts.create_platform(?, ?, ?, ?, ?, ?, ?)")) {
      statement.setObject(1, UUID.randomUUID());
      statement.setString(2, name);
      statement.setString(3, String.join(" ", scopes));
      statement.setString(4, String.join(" ", named));
      statement.setObject(5, UUID.randomUUID());
      statement.setString(6, credentials.clientId());
      statement.setString(7, ClientCredentials.hash(credentials.secret()));
      connection.setAutoCommit(false);
      statement.execute();
      audit(connection, "platform.created", name);
    } catch (SQLException failed) {
      throw refusal(failed, name);
    }
    print(credentials);
    return 0;
  }

  /** Returns what is wrong with a new platform, as the database says it. */
  private static Exception refusal(SQLException failed, String name) {
    return switch (String.valueOf(failed.getSQLState())) {
      case "23505" -> // unique_violation
          new UserError("A platform is called " + name + " already: choose another name.");
      case "23514" -> // check_violation
          new UserError(
              "Write the name with 1 to 31 lower-case letters, digits and hyphens, a letter first,"
                  + " and choose scopes from "
                  + SCOPES
                  + ".");
      default -> failed;
    };
  }

  @Command(description = "Lists the platforms with their clients.")
  int list() throws Exception {
    try (var connection = behalf.database();
        var statement =
            connection.prepareStatement(
                """
                select p.name, p.ended_at is not null as ended, p.scopes, c.client_id, c.expires_at,
                       (select count(*) from accounts.platform_users u where u.platform_id = p.id) as users
                from accounts.platforms p join accounts.platform_clients c on c.platform_id = p.id
                order by p.name, c.created_at
                """);
        var rows = statement.executeQuery()) {
      out.printf(
          "%-31s %-6s  %7s  %-12s  %-20s  %s%n",
          "NAME", "STATE", "USERS", "CLIENT", "UNTIL", "SCOPES");
      while (rows.next()) {
        var until = rows.getTimestamp("expires_at");
        out.printf(
            "%-31s %-6s  %7d  %-12s  %-20s  %s%n",
            rows.getString("name"),
            rows.getBoolean("ended") ? "ended" : "active",
            rows.getLong("users"),
            rows.getString("client_id"),
            until == null ? "" : until.toInstant().truncatedTo(ChronoUnit.SECONDS),
            rows.getString("scopes"));
      }
    }
    return 0;
  }

  @Command(
      description = {
        "Adds a client to a platform and prints its credentials, which are shown once.",
        "The clients before it are accepted for a while."
      })
  int rotate(
      @Parameters(paramLabel = "NAME", description = "Name of the platform.") String name,
      @Option(
              names = "--keep",
              paramLabel = "HOURS",
              defaultValue = "24",
              description =
                  "How long the clients before it are accepted (default: ${DEFAULT-VALUE}).")
          int keep)
      throws Exception {
    if (keep < 0 || keep > MAX_KEEP) {
      throw new UserError("Keep the clients before it for 0 to " + MAX_KEEP + " hours.");
    }
    var credentials = ClientCredentials.generate();
    try (var connection = behalf.database();
        var statement =
            connection.prepareStatement(
                "select accounts.rotate_platform(?, ?, ?, ?, make_interval(hours => ?))")) {
      statement.setString(1, name);
      statement.setObject(2, UUID.randomUUID());
      statement.setString(3, credentials.clientId());
      statement.setString(4, ClientCredentials.hash(credentials.secret()));
      statement.setInt(5, keep);
      connection.setAutoCommit(false);
      requireKnown(statement, name);
      audit(connection, "platform.rotated", name);
    }
    print(credentials);
    return 0;
  }

  @Command(
      description = {
        "Ends a platform for good: its tokens, and the keys that it has issued, are refused within a second.",
        "Its users and their jobs stay."
      })
  int end(@Parameters(paramLabel = "NAME", description = "Name of the platform.") String name)
      throws Exception {
    try (var connection = behalf.database();
        var statement = connection.prepareStatement("select accounts.end_platform(?)")) {
      statement.setString(1, name);
      connection.setAutoCommit(false);
      requireKnown(statement, name);
      audit(connection, "platform.ended", name);
    }
    out.println(name + " has ended");
    return 0;
  }

  private static void requireKnown(PreparedStatement statement, String name) throws SQLException {
    try (var rows = statement.executeQuery()) {
      rows.next();
      if (!rows.getBoolean(1)) {
        throw new UserError("No platform called " + name + " is active.");
      }
    }
  }

  /** Records an action and commits it. */
  private static void audit(Connection connection, String action, String name) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "insert into ops.audit_log (operator, action, about) values ('database login', ?, ?)")) {
      statement.setString(1, action);
      statement.setString(2, name);
      statement.executeUpdate();
    }
    connection.commit();
  }

  private void print(ClientCredentials credentials) {
    out.println("client id      " + credentials.clientId());
    out.println("client secret  " + credentials.secret());
    out.println("The secret is not shown again: store it now.");
  }
}
