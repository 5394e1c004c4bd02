package dev.behalf.web.billing.receipts;

import dev.behalf.web.site.crypto.Vault;
import dev.behalf.web.site.crypto.Vaulted;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What seals receipts (Ed25519), the same for all replicas, private parts encrypted at rest. A new
 * one seals after a year; public parts stay, so that a receipt can be proved however old it is.
 */
@Component
class ReceiptKeys {

  private static final String ALGORITHM = "Ed25519";

  /** Of an X.509 encoding, before the 32 bytes of the key itself (RFC 8410). */
  private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

  private final JdbcClient database;
  private final Vault vault;
  private final TransactionTemplate transaction;
  private final InstantSource clock;
  private final Duration age;
  private volatile List<Pair> known = List.of();

  ReceiptKeys(
      JdbcClient database,
      Vault vault,
      TransactionTemplate transaction,
      InstantSource clock,
      @Value("${behalf.keys.receipt-age}") Duration age) {
    this.database = database;
    this.vault = vault;
    this.transaction = transaction;
    this.clock = clock;
    this.age = age;
  }

  @Bean
  static Vaulted receiptKeysAtRest() {
    return new Vaulted(
        "accounts.receipt_keys", List.of("id"), List.of("ciphertext"), id -> about(id.getFirst()));
  }

  /** A public key in base64url, as a JSON Web Key has it in {@code x}. */
  record Published(String id, String x, Instant createdAt) {}

  /** A signature in base64url, and of which key. */
  record Signed(String keyId, String signature) {}

  @SuppressWarnings("ArrayRecordComponent") // it is never compared
  private record Pair(Published open, byte[] ciphertext) {}

  List<Published> published() {
    return read().stream().map(Pair::open).toList();
  }

  Signed sign(byte[] text) {
    var pair = current();
    var id = pair.open().id();
    try {
      var signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey(vault.decrypt(about(id), pair.ciphertext())));
      signature.update(text);
      return new Signed(id, base64(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has Ed25519.", e);
    }
  }

  boolean isGenuine(byte[] text, Signed signed) {
    return find(signed.keyId())
        .or(
            () -> {
              // Another replica may have made it since.
              known = read();
              return find(signed.keyId());
            })
        .filter(key -> isGenuine(text, signed.signature(), key))
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
                        row.getObject("created_at", OffsetDateTime.class).toInstant()),
                    row.getBytes("ciphertext")))
        .list();
  }

  private Pair current() {
    if (!isFresh(known)) {
      known = Objects.requireNonNull(transaction.execute(status -> renewed()));
    }
    return known.getLast();
  }

  /** One replica after the other: two new keys would be one too many. */
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
    try {
      var pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      var encoded = pair.getPublic().getEncoded();
      var raw = java.util.Arrays.copyOfRange(encoded, X509.length, encoded.length);
      var id = java.util.UUID.randomUUID().toString();
      var sealed =
          vault.encrypt(
              about(id), Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
      database
          .sql(
              "insert into accounts.receipt_keys (id, public_key, ciphertext, master_key_id, created_at) values (?, ?, ?, ?, ?)")
          .params(
              id,
              base64(raw),
              sealed.ciphertext(),
              sealed.masterKeyId(),
              clock.instant().atOffset(ZoneOffset.UTC))
          .update();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has Ed25519.", e);
    }
  }

  private static boolean isGenuine(byte[] text, String signature, Published key) {
    try {
      var check = Signature.getInstance(ALGORITHM);
      check.initVerify(publicKey(key.x()));
      check.update(text);
      var bytes = Base64.getUrlDecoder().decode(signature);
      // The last character of base64 has bits to spare: only one spelling is the one that we wrote.
      return base64(bytes).equals(signature) && check.verify(bytes);
    } catch (GeneralSecurityException | IllegalArgumentException none) {
      return false;
    }
  }

  private static PublicKey publicKey(String x) throws GeneralSecurityException {
    var raw = Base64.getUrlDecoder().decode(x);
    var encoded = java.util.Arrays.copyOf(X509, X509.length + raw.length);
    System.arraycopy(raw, 0, encoded, X509.length, raw.length);
    return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static PrivateKey privateKey(String base64) throws GeneralSecurityException {
    return KeyFactory.getInstance(ALGORITHM)
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String about(String id) {
    return "receipt key " + id;
  }
}
