package dev.behalf.web.identity.secondfactor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.contract.Sha256;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.bouncycastle.util.encoders.Base32;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Codes for when the authenticator app is lost. Each has 80 random bits and works once. */
@Component
class RecoveryCodes {

  private static final int COUNT = 10;
  private static final int BYTES = 10;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final JdbcClient database;

  RecoveryCodes(JdbcClient database) {
    this.database = database;
  }

  /** Replaces all codes of a user, inside the caller's transaction; they are shown this once. */
  List<String> replace(UUID userId) {
    var codes = Stream.generate(RecoveryCodes::random).limit(COUNT).toList();
    database.sql("delete from accounts.recovery_codes where user_id = ?").param(userId).update();
    database
        .sql(
            "insert into accounts.recovery_codes (user_id, hash) select ?, hash from unnest(?::bytea[]) as c (hash)")
        .params(userId, codes.stream().map(RecoveryCodes::hash).toArray(byte[][]::new))
        .update();
    return codes;
  }

  /** Uses a code up; returns whether there was such a code. */
  boolean use(UUID userId, String code) {
    return database
            .sql("delete from accounts.recovery_codes where user_id = ? and hash = ?")
            .params(userId, hash(code))
            .update()
        == 1;
  }

  int left(UUID userId) {
    return database
        .sql("select count(*)::int from accounts.recovery_codes where user_id = ?")
        .param(userId)
        .query(Integer.class)
        .single();
  }

  private static String random() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base32.toBase32String(bytes).toLowerCase(Locale.ROOT).replaceAll("(.{4})(?=.)", "$1-");
  }

  /** Returns the hash of a code, however it is written. */
  private static byte[] hash(String code) {
    var plain = code.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return Sha256.of(plain.getBytes(UTF_8));
  }
}
