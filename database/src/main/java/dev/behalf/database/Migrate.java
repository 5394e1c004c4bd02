package dev.behalf.database;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs once before the services start: {@code java -jar database-boot.jar}, with POSTGRES_HOST,
 * POSTGRES_PORT, BEHALF_DATABASE and the passwords in the environment. With {@code operators …} it
 * does that instead, as the owner.
 */
public final class Migrate {

  private Migrate() {}

  public static void main(String[] args) throws SQLException {
    var environment = System.getenv();
    var database =
        new BehalfDatabase(
            environment.getOrDefault("POSTGRES_HOST", "localhost"),
            Integer.parseInt(environment.getOrDefault("POSTGRES_PORT", "5432")),
            environment.getOrDefault("BEHALF_DATABASE", "behalf"),
            new Roles(
                login(environment, "behalf_owner", "BEHALF_OWNER_PASSWORD"),
                login(environment, "behalf_web", "BEHALF_WEB_PASSWORD"),
                login(environment, "behalf_compute", "BEHALF_COMPUTE_PASSWORD")));
    if (args.length > 0 && args[0].equals("operators")) {
      operators(database, List.of(args).subList(1, args.length));
      return;
    }
    if (environment.containsKey("POSTGRES_PASSWORD")) {
      var admin = environment.getOrDefault("POSTGRES_USER", "postgres");
      database.create(login(environment, admin, "POSTGRES_PASSWORD"));
    }
    database.migrate();
  }

  private static void operators(BehalfDatabase database, List<String> words) throws SQLException {
    try (var connection = database.connect(database.roles().owner())) {
      var fault = new OperatorsCommand(new Operators(connection), System.out).run(words);
      if (!fault.isEmpty()) {
        System.err.println(fault);
        System.exit(1);
      }
    }
  }

  private static Roles.Login login(Map<String, String> environment, String role, String variable) {
    var password =
        Optional.ofNullable(environment.get(variable))
            .orElseThrow(() -> new IllegalStateException("Set " + variable + "."));
    return new Roles.Login(role, password);
  }
}
