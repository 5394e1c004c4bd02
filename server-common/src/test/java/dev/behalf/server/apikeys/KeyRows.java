package dev.behalf.server.apikeys;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.KeyRing;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.testkit.TestDatabase;
import java.util.Base64;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Users and keys in a real database, written as web-app writes them. */
final class KeyRows {

  static final KeyHasher HASHER =
      new KeyHasher(KeyRing.parse("1:" + Base64.getEncoder().encodeToString(new byte[32])));

  final BehalfDatabase database = TestDatabase.create();
  final JdbcClient sql = JdbcClient.create(TestDatabase.pool(database, database.roles().owner()));

  /** Connects with the rights of compute-server, which are the smaller ones. */
  DataSource dataSource() {
    var login = database.roles().compute();
    return TestDatabase.pool(database, login);
  }

  UUID user(String scopes) {
    var id = UUID.randomUUID();
    sql.sql(
            "insert into accounts.users (id, email, created_at, version, scopes)"
                + " values (?, ?, now(), 0, ?)")
        .params(id, id + "@example.com", scopes)
        .update();
    return id;
  }

  ApiKeyFormat key(UUID user, Environment environment, String scopes) {
    var key = ApiKeyFormat.generate(environment);
    add(user, key, scopes);
    return key;
  }

  void add(UUID user, ApiKeyFormat key, String scopes) {
    var hash = HASHER.hash(key.secret());
    insert(user, key.keyId(), key.environment(), scopes, "hmac", hash.pepperId(), hash.value());
  }

  void insert(
      UUID user,
      String keyId,
      Environment environment,
      String scopes,
      String scheme,
      String pepper,
      String hash) {
    sql.sql(
            """
            insert into accounts.api_keys
              (user_id, key_id, kind, environment, name, scopes, hash_scheme, pepper_id, hash,
               created_at, version)
            values (?, ?, 'personal', ?, 'k', ?, ?, ?, ?, now(), 0)
            """)
        .params(user, keyId, environment.wire(), scopes, scheme, pepper, hash)
        .update();
  }

  void set(String keyId, String assignment) {
    sql.sql("update accounts.api_keys set " + assignment + " where key_id = ?")
        .param(keyId)
        .update();
  }

  String text(String query, Object... parameters) {
    return sql.sql(query).params(parameters).query(String.class).single();
  }
}
