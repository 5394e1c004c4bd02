package dev.behalf.web.billing.receipts;

import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.crypto.EncryptedColumns;
import dev.behalf.web.site.crypto.Encryption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The Ed25519 keys that sign receipts, shared by all replicas and with private keys encrypted at
 * rest. By default, a new key takes over after a year; public keys stay, so that a receipt of any
 * age can be verified.
 */
@Component
class ReceiptKeys {

  private final JdbcClient database;
  private final Encryption encryption;
  private final TransactionTemplate transaction;
  private final InstantSource clock;
  private final Duration age;
  private volatile List<Pair> known = List.of();

  ReceiptKeys(
      JdbcClient database,
      Encryption encryption,
      TransactionTemplate transaction,
      InstantSource clock,
      @Value("${behalf.keys.receipt-age}") Duration age) {
    this.database = database;
    this.encryption = encryption;
    this.transaction = transaction;
    this.clock = clock;
    this.age = age;
  }

  @Bean
  static EncryptedColumns receiptKeysAtRest() {
    return new EncryptedColumns(
        "accounts.receipt_keys", List.of("id"), List.of("ciphertext"), id -> about(id.getFirst()));
  }

  /** A public key in base64url, as in the {@code x} of a JSON Web Key. */
  record Published(String id, String x, Instant createdAt) {}

  /** A signature in base64url and the id of its key. */
  record Signed(String keyId, String signature) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pair(Published open, byte[] ciphertext) {}

  List<Published> published() {
    return read().stream().map(Pair::open).toList();
  }

  Signed sign(byte[] text) {
    var pair = current();
    var id = pair.open().id();
    return new Signed(id, Ed25519.sign(text, encryption.decrypt(about(id), pair.ciphertext())));
  }

  boolean isGenuine(byte[] text, Signed signed) {
    return find(signed.keyId())
        .or(
            () -> {
              // Another replica may have created the key since the last read.
              known = read();
              return find(signed.keyId());
            })
        .filter(key -> Ed25519.isGenuine(text, signed.signature(), key.x()))
        .isPresent();
  }

  private Optional<Published> find(String id) {
    return known.stream().map(Pair::open).filter(key -> key.id().equals(id)).findFirst();
  }

  private List<Pair> read() {
    return database
        .sql(
            "select id, public_key, created_at, ciphertext from accounts.receipt_keys order by created_at")
        .query(
            (row, index) ->
                new Pair(
                    new Published(
                        row.getString("id"),
                        row.getString("public_key"),
                        Timestamps.instant(row, "created_at")),
                    row.getBytes("ciphertext")))
        .list();
  }

  private Pair current() {
    if (!isFresh(known)) {
      known = Objects.requireNonNull(transaction.execute(status -> renewed()));
    }
    return known.getLast();
  }

  /** Creates a key if none is fresh, under a lock so that only one replica creates it. */
  private List<Pair> renewed() {
    database.sql("select pg_advisory_xact_lock(727205)").query(row -> {});
    var all = read();
    if (isFresh(all)) {
      return all;
    }
    insert();
    return read();
  }

  private boolean isFresh(List<Pair> all) {
    return !all.isEmpty() && all.getLast().open().createdAt().plus(age).isAfter(clock.instant());
  }

  private void insert() {
    var key = Ed25519.generate();
    var id = UUID.randomUUID().toString();
    var sealed = encryption.encrypt(about(id), key.secret());
    database
        .sql(
            "insert into accounts.receipt_keys (id, public_key, ciphertext, master_key_id, created_at) values (?, ?, ?, ?, ?)")
        .params(
            id, key.x(), sealed.ciphertext(), sealed.masterKeyId(), Timestamps.of(clock.instant()))
        .update();
  }

  private static String about(String id) {
    return "receipt key " + id;
  }
}
