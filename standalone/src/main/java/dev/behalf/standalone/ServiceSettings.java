package dev.behalf.standalone;

import dev.behalf.database.BehalfDatabase;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * The environment variables by which the three services find the database, the broker and each
 * other.
 */
public record ServiceSettings(
    BehalfDatabase database,
    URI broker,
    String peppers,
    String masterKeys,
    String messageSecrets,
    String lookupSecrets) {

  public Map<String, String> web(int port, int managementPort) {
    var settings = common(port, managementPort);
    settings.putAll(
        databaseSettings(database.roles().web().name(), database.roles().web().password()));
    settings.putAll(brokerSettings());
    settings.put("BEHALF_PEPPERS", peppers);
    settings.put("BEHALF_MASTER_KEYS", masterKeys);
    settings.put("BEHALF_MESSAGE_SECRETS", messageSecrets);
    settings.put("BEHALF_LOOKUP_SECRETS", lookupSecrets);
    // Only this machine reaches web-app, and all its users share one address.
    settings.put("BEHALF_ANONYMOUSLIMITS_SIGNUPSPERHOUR", "10000");
    settings.put("BEHALF_ANONYMOUSLIMITS_SESSIONSPERMINUTE", "10000");
    return settings;
  }

  public Map<String, String> worker(int managementPort, URI web, URI compute) {
    var settings = common(managementPort, managementPort);
    // The worker's only port is the management port.
    settings.keySet().removeIf(name -> name.startsWith("MANAGEMENT_SERVER"));
    settings.putAll(brokerSettings());
    settings.put("BEHALF_LOOKUP_URL", web.toString());
    settings.put("BEHALF_COMPUTE_URL", compute.toString());
    settings.put("BEHALF_MESSAGE_SECRETS", messageSecrets);
    settings.put("BEHALF_LOOKUP_SECRETS", lookupSecrets);
    return settings;
  }

  public Map<String, String> compute(int port, int managementPort) {
    var settings = common(port, managementPort);
    settings.putAll(
        databaseSettings(database.roles().compute().name(), database.roles().compute().password()));
    settings.put("BEHALF_PEPPERS", peppers);
    return settings;
  }

  private static Map<String, String> common(int port, int managementPort) {
    var settings = new HashMap<String, String>();
    settings.put("SERVER_PORT", String.valueOf(port));
    settings.put("SERVER_ADDRESS", "127.0.0.1");
    settings.put("MANAGEMENT_SERVER_PORT", String.valueOf(managementPort));
    settings.put("MANAGEMENT_SERVER_ADDRESS", "127.0.0.1");
    return settings;
  }

  private Map<String, String> databaseSettings(String user, String password) {
    return Map.of(
        "SPRING_DATASOURCE_URL", database.url(),
        "SPRING_DATASOURCE_USERNAME", user,
        "SPRING_DATASOURCE_PASSWORD", password);
  }

  private Map<String, String> brokerSettings() {
    return Map.of("SPRING_RABBITMQ_ADDRESSES", broker.toString());
  }
}
