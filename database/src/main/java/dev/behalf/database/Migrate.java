package dev.behalf.database;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;

/**
 * The migration program, which runs once before the services start: {@code java -jar
 * database-boot.jar}. It reads POSTGRES_HOST, POSTGRES_PORT, BEHALF_DATABASE and the passwords from
 * the environment, and PGSSLMODE and PGSSLROOTCERT for TLS. With {@code operators …} it manages the
 * operators instead, as the owner.
 */
public final class Migrate {

  private Migrate() {}

  public static void main(String[] args) {
    try {
      run(List.of(args), System.getenv());
    } catch (DatabaseRefused told) {
      fail(String.valueOf(told.getMessage()));
    } catch (SQLException | FlywayException fault) {
      fail(String.valueOf(fault.getMessage()));
    }
  }

  private static void fail(String sentence) {
    System.err.println("migrate: " + sentence);
    System.exit(1);
  }

  static void run(List<String> words, Map<String, String> environment) throws SQLException {
    var database = database(environment);
    if (!words.isEmpty() && words.getFirst().equals("operators")) {
      operators(database, words.subList(1, words.size()));
      return;
    }
    if (environment.containsKey("POSTGRES_PASSWORD")) {
      database.create(
          new Roles.Login(
              environment.getOrDefault("POSTGRES_USER", "postgres"),
              required(environment, "POSTGRES_PASSWORD")));
    }
    database.migrate();
  }

  private static BehalfDatabase database(Map<String, String> environment) {
    return new BehalfDatabase(
        environment.getOrDefault("POSTGRES_HOST", "localhost"),
        port(environment.getOrDefault("POSTGRES_PORT", "5432")),
        environment.getOrDefault("BEHALF_DATABASE", "behalf"),
        Roles.named(
            environment.getOrDefault("BEHALF_ROLE_PREFIX", ""),
            required(environment, "BEHALF_OWNER_PASSWORD"),
            required(environment, "BEHALF_WEB_PASSWORD"),
            required(environment, "BEHALF_COMPUTE_PASSWORD")),
        tls(environment));
  }

  /** Reads the TLS parameters from the environment variables that psql and libpq use. */
  private static Map<String, String> tls(Map<String, String> environment) {
    var parameters = new HashMap<String, String>();
    for (var name : List.of("sslmode", "sslrootcert", "sslcert", "sslkey")) {
      var value = environment.get("PG" + name.toUpperCase(Locale.ROOT));
      if (value != null && !value.isEmpty()) {
        parameters.put(name, value);
      }
    }
    return parameters;
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException none) {
      throw new DatabaseRefused("Set POSTGRES_PORT to a number, such as 5432.");
    }
  }

  private static void operators(BehalfDatabase database, List<String> words) throws SQLException {
    try (var connection = database.connect(database.roles().owner())) {
      var fault = new OperatorsCommand(new Operators(connection), System.out).run(words);
      if (!fault.isEmpty()) {
        throw new DatabaseRefused(fault);
      }
    }
  }

  private static String required(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .orElseThrow(() -> new DatabaseRefused("Set " + variable + "."));
  }
}
