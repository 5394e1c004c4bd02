package dev.behalf.web.keys;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * For operators, on their port: encrypts secrets anew after the master key was replaced. Each call
 * takes some of those that are left, in one transaction, so it can be interrupted and gone on with;
 * when none is left the old master key can be dropped.
 */
@Component
@Endpoint(id = "masterkeys")
class MasterKeys {

  private static final int BATCH = 200;

  private final JdbcClient database;
  private final Vault vault;
  private final List<Vaulted> all;

  MasterKeys(JdbcClient database, Vault vault, List<Vaulted> all) {
    this.database = database;
    this.vault = vault;
    this.all = all;
  }

  /**
   * How far it is.
   *
   * @param masterKeyId the one that encrypts now
   * @param left rows that still open with another one
   */
  record Progress(String masterKeyId, long rewrapped, long left) {}

  private record Row(List<String> id, List<byte @Nullable []> ciphertexts) {}

  @ReadOperation
  Progress progress() {
    return new Progress(vault.masterKeyId(), 0, left());
  }

  @WriteOperation
  @Transactional
  public Progress rewrap() {
    var rewrapped = all.stream().mapToInt(this::rewrap).sum();
    return new Progress(vault.masterKeyId(), rewrapped, left());
  }

  private int rewrap(Vaulted secrets) {
    var rows =
        database
            .sql(
                "select * from %s where master_key_id <> ? limit ? for no key update skip locked"
                    .formatted(secrets.table()))
            .params(vault.masterKeyId(), BATCH)
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
    rows.forEach(row -> rewrap(secrets, row));
    return rows.size();
  }

  private void rewrap(Vaulted secrets, Row row) {
    var about = secrets.about().apply(row.id());
    var values = new ArrayList<@Nullable Object>();
    row.ciphertexts()
        .forEach(old -> values.add(old == null ? null : vault.rewrap(about, old).ciphertext()));
    values.add(vault.masterKeyId());
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

  private long left(Vaulted secrets) {
    return database
        .sql("select count(*) from %s where master_key_id <> ?".formatted(secrets.table()))
        .param(vault.masterKeyId())
        .query(Long.class)
        .single();
  }
}
