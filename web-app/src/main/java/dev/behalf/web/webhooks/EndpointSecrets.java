package dev.behalf.web.webhooks;

import dev.behalf.web.site.crypto.Vault;
import dev.behalf.web.site.crypto.Vaulted;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/** Secrets that sign: encrypted in the table, each for its endpoint alone. */
@Component
public class EndpointSecrets {

  private final Vault vault;

  EndpointSecrets(Vault vault) {
    this.vault = vault;
  }

  @Bean
  static Vaulted endpointSecretsAtRest() {
    return new Vaulted(
        "webhooks.endpoints",
        List.of("user_id", "id"),
        List.of("secret", "previous_secret"),
        id -> about(id.getFirst(), id.getLast()));
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

  private static String about(Object userId, Object endpointId) {
    return "webhook " + userId + " " + endpointId;
  }
}
