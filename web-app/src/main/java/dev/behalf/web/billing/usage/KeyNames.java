package dev.behalf.web.billing.usage;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The names of a user's keys; a deleted key is shown by its id alone. */
@Component
public class KeyNames {

  static final String NAMES = "select key_id, name from accounts.api_keys where user_id = :user";

  private final JdbcClient database;

  KeyNames(JdbcClient database) {
    this.database = database;
  }

  public Map<String, String> of(UUID userId) {
    var names = new HashMap<String, String>();
    database
        .sql(NAMES)
        .param("user", userId)
        .query(
            row -> {
              names.put(row.getString("key_id"), row.getString("name"));
            });
    return names;
  }

  /** Returns the name with the id's last four characters, since two keys may share a name. */
  public static String label(Map<String, String> names, String keyId) {
    var name = names.get(keyId);
    return name == null ? keyId : name + " …" + keyId.substring(keyId.length() - 4);
  }
}
