package dev.behalf.web.webhooks;

import dev.behalf.web.site.crypto.EncryptedColumns;
import dev.behalf.web.site.crypto.Encryption;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/** Encrypts and decrypts signing secrets; each ciphertext is bound to its endpoint. */
@Component
public class EndpointSecrets {

  private final Encryption encryption;

  EndpointSecrets(Encryption encryption) {
    this.encryption = encryption;
  }

  @Bean
  static EncryptedColumns endpointSecretsAtRest() {
    return new EncryptedColumns(
        "webhooks.endpoints",
        List.of("user_id", "id"),
        List.of("secret", "previous_secret"),
        id -> about(id.getFirst(), id.getLast()));
  }

  Encryption.Sealed seal(UUID userId, UUID endpointId, String secret) {
    return encryption.encrypt(about(userId, endpointId), secret);
  }

  List<String> open(DueDelivery due) {
    return due.secrets().stream()
        .map(ciphertext -> open(due.userId(), due.endpointId(), ciphertext))
        .toList();
  }

  String open(UUID userId, UUID endpointId, byte[] ciphertext) {
    return encryption.decrypt(about(userId, endpointId), ciphertext);
  }

  private static String about(Object userId, Object endpointId) {
    return "webhook " + userId + " " + endpointId;
  }
}
