package dev.behalf.web.work.operations;

import dev.behalf.contract.StrictJson;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings {@code behalf.chat}: with an address, the shipped chat definitions are applied.
 *
 * @param address an OpenAI-compatible server, without {@code /chat/completions}; null for none
 * @param model the model that it is asked for
 * @param secret the name of the secret with the key of the server; null for a server without keys
 */
@ConfigurationProperties("behalf.chat")
record ChatSettings(@Nullable String address, @Nullable String model, @Nullable String secret) {

  ChatSettings {
    address = orNull(address);
    model = orNull(model);
    secret = orNull(secret);
    if ((address == null) != (model == null)) {
      throw new IllegalArgumentException(
          "Set both behalf.chat.address and behalf.chat.model, or none of them.");
    }
  }

  private static @Nullable String orNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  boolean isOn() {
    return address != null;
  }

  /** Returns the engine of a shipped definition, as JSON, which is YAML as well. */
  String engine() {
    var engine = StrictJson.MAPPER.createObjectNode().put("chat", address).put("model", model);
    return secret == null ? engine.toString() : engine.put("secret", secret).toString();
  }
}
