package dev.behalf.standalone;

import dev.behalf.engine.EngineSecret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for a chat server. */
final class ChatServer {
  @Option(
      names = "--chat",
      required = true,
      paramLabel = "URL",
      description =
          "OpenAI-compatible server for the operations generate and chat, such as"
              + " http://127.0.0.1:11434/v1.")
  @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
  String address;

  @Option(
      names = "--chat-model",
      required = true,
      paramLabel = "NAME",
      description = "Model of the chat server.")
  @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
  String model;

  @Option(
      names = "--chat-secret",
      paramLabel = "NAME",
      description = "File with the key of the chat server, in the folder chat of --engine-secrets.")
  @Nullable String secret;

  /** Checks that the key is where compute-server will look for it. */
  void require(@Nullable Path engineSecrets) {
    if (secret == null) {
      return;
    }
    if (engineSecrets == null) {
      throw new UserError("Add --engine-secrets FOLDER, with the key in chat/" + secret + ".");
    }
    var file = engineSecrets.resolve(EngineSecret.CHAT_FOLDER + secret);
    if (!Files.isRegularFile(file)) {
      throw new UserError(file + " does not exist: write the key into it.");
    }
  }

  Map<String, String> settings() {
    var settings = new HashMap<String, String>();
    settings.put("BEHALF_CHAT_ADDRESS", address);
    settings.put("BEHALF_CHAT_MODEL", model);
    if (secret != null) {
      settings.put("BEHALF_CHAT_SECRET", secret);
    }
    return settings;
  }

  List<String> options() {
    var options = new ArrayList<>(List.of("--chat", address, "--chat-model", model));
    if (secret != null) {
      options.addAll(List.of("--chat-secret", secret));
    }
    return options;
  }
}
