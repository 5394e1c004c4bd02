package dev.behalf.database;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * Runs once before the services start: {@code java -jar database-boot.jar}, with POSTGRES_HOST,
 * POSTGRES_PORT, BEHALF_DATABASE and the passwords in the environment.
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
    if (environment.containsKey("POSTGRES_PASSWORD")) {
      var admin = environment.getOrDefault("POSTGRES_USER", "postgres");
      database.create(login(environment, admin, "POSTGRES_PASSWORD"));
    }
    database.migrate();
  }

  private static Roles.Login login(Map<String, String> environment, String role, String variable) {
    var password =
        Optional.ofNullable(environment.get(variable))
            .orElseThrow(() -> new IllegalStateException("Set " + variable + "."));
    return new Roles.Login(role, password);
  }
}
