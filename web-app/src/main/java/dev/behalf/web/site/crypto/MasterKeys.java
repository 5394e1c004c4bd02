package dev.behalf.web.site.crypto;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Re-encrypts secrets by schedule after the master key has been replaced. It works in batches, so
 * that it can be interrupted. The management port reports the progress; when no row is left, the
 * old master key can be dropped.
 */
@Component
@Endpoint(id = "masterkeys")
class MasterKeys {

  private static final int BATCH = 200;

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final Encryption encryption;
  private final List<EncryptedColumns> all;

  MasterKeys(
      JdbcClient database,
      TransactionTemplate transaction,
      Encryption encryption,
      List<EncryptedColumns> all) {
    this.database = database;
    this.transaction = transaction;
    this.encryption = encryption;
    this.all = all;
  }

  /**
   * The progress of re-encryption.
   *
   * @param masterKeyId id of the master key that encrypts now
   * @param left number of rows still encrypted under another master key
   */
  record Progress(String masterKeyId, long left) {}

  private record Row(List<String> id, List<byte @Nullable []> ciphertexts) {}

  @ReadOperation
  Progress progress() {
    return new Progress(encryption.masterKeyId(), left());
  }

  @Scheduled(initialDelayString = "5s", fixedDelayString = "${behalf.keys.rewrap-every:1h}")
  void rewrap() {
    for (var secrets : all) {
      while (rewrapSome(secrets) > 0) {
        // More rows may be left.
      }
    }
  }

  private int rewrapSome(EncryptedColumns secrets) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              var done = 0;
              for (var row : rows(secrets)) {
                done += isRewrapped(secrets, row) ? 1 : 0;
              }
              return done;
            }));
  }

  /**
   * Returns whether the row was re-encrypted. A row that no configured master key opens stays as it
   * is and counts as left. Batches are random, so that such rows never fill all of them.
   */
  private boolean isRewrapped(EncryptedColumns secrets, Row row) {
    try {
      rewrap(secrets, row);
      return true;
    } catch (IllegalStateException doesNotOpen) {
      return false;
    }
  }

  private List<Row> rows(EncryptedColumns secrets) {
    return database
        .sql(
            "select * from %s where master_key_id <> ? order by random() limit ? for no key update skip locked"
                .formatted(secrets.table()))
        .params(encryption.masterKeyId(), BATCH)
        .query(
            (row, index) -> {
              var id = new ArrayList<String>();
              for (var column : secrets.id()) {
                id.add(row.getString(column));
              }
              var ciphertexts = new ArrayList<byte @Nullable []>();
              for (var column : secrets.ciphertexts()) {
                ciphertexts.add(row.getBytes(column));
              }
              return new Row(id, ciphertexts);
            })
        .list();
  }

  private void rewrap(EncryptedColumns secrets, Row row) {
    var about = secrets.about().apply(row.id());
    var values = new ArrayList<@Nullable Object>();
    row.ciphertexts()
        .forEach(
            old -> values.add(old == null ? null : encryption.rewrap(about, old).ciphertext()));
    values.add(encryption.masterKeyId());
    values.addAll(row.id());
    database
        .sql(
            "update %s set %s, master_key_id = ? where %s"
                .formatted(
                    secrets.table(),
                    secrets.ciphertexts().stream()
                        .map(column -> column + " = ?")
                        .collect(joining(", ")),
                    secrets.id().stream()
                        .map(column -> column + "::text = ?")
                        .collect(joining(" and "))))
        .params(values)
        .update();
  }

  private long left() {
    return all.stream().mapToLong(this::left).sum();
  }

  private long left(EncryptedColumns secrets) {
    return database
        .sql("select count(*) from %s where master_key_id <> ?".formatted(secrets.table()))
        .param(encryption.masterKeyId())
        .query(Long.class)
        .single();
  }
}
