package dev.behalf.web.webhooks;

import dev.behalf.web.keys.Vault;
import dev.behalf.web.keys.Vaulted;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Secrets that sign: encrypted in the table, each for its endpoint alone. */
@Component
public class EndpointSecrets implements Vaulted {

  private final JdbcClient database;
  private final Vault vault;

  EndpointSecrets(JdbcClient database, Vault vault) {
    this.database = database;
    this.vault = vault;
  }

  Vault.Sealed seal(UUID userId, UUID endpointId, String secret) {
    return vault.encrypt(about(userId, endpointId), secret);
  }

  List<String> open(Due due) {
    return due.secrets().stream()
        .map(ciphertext -> open(due.userId(), due.endpointId(), ciphertext))
        .toList();
  }

  String open(UUID userId, UUID endpointId, byte[] ciphertext) {
    return vault.decrypt(about(userId, endpointId), ciphertext);
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public int rewrap(int limit) {
    var rows =
        database
            .sql(
                """
                select user_id, id, secret, previous_secret from webhooks.endpoints
                where master_key_id <> ? limit ? for no key update skip locked
                """)
            .params(vault.masterKeyId(), limit)
            .query(
                (row, index) ->
                    new Row(
                        row.getObject("user_id", UUID.class),
                        row.getObject("id", UUID.class),
                        row.getBytes("secret"),
                        row.getBytes("previous_secret")))
            .list();
    rows.forEach(this::rewrap);
    return rows.size();
  }

  @SuppressWarnings("ArrayRecordComponent") // it is never compared
  private record Row(UUID userId, UUID id, byte[] secret, byte @Nullable [] previous) {}

  private void rewrap(Row row) {
    var about = about(row.userId(), row.id());
    var previous = row.previous();
    database
        .sql(
            """
            update webhooks.endpoints
            set secret = :secret, previous_secret = :previous, master_key_id = :master_key
            where user_id = :user and id = :id
            """)
        .param("secret", vault.rewrap(about, row.secret()).ciphertext())
        .param("previous", previous == null ? null : vault.rewrap(about, previous).ciphertext())
        .param("master_key", vault.masterKeyId())
        .param("user", row.userId())
        .param("id", row.id())
        .update();
  }

  @Override
  public long left() {
    return database
        .sql("select count(*) from webhooks.endpoints where master_key_id <> ?")
        .param(vault.masterKeyId())
        .query(Long.class)
        .single();
  }

  private static String about(UUID userId, UUID endpointId) {
    return "webhook " + userId + " " + endpointId;
  }
}
