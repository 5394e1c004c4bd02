package dev.behalf.bench.peer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.server.ResponseStatusException;

/** The users' API keys. */
final class Keys {

  static final String SCHEME = "Api-Key ";

  private final JdbcClient database;

  Keys(JdbcClient database) {
    this.database = database;
  }

  /** Returns the user of a key; answers 401 if there is none. */
  UUID userOf(String authorization) {
    return database
        .sql("select user_id from peer.keys where hash = ?")
        .param(sha256(authorization.substring(Math.min(SCHEME.length(), authorization.length()))))
        .query(UUID.class)
        .optional()
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.UNAUTHORIZED));
  }

  private static byte[] sha256(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
