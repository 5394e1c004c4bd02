package dev.behalf.operation;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What computes an operation. */
public sealed interface Engine {

  /**
   * An engine of compute-server.
   *
   * @param slot whether a run occupies a compute slot; without, it costs next to nothing
   */
  record Builtin(String name, boolean slot) implements Engine {}

  /** A server that is called by HTTP: see docs/engines.md. */
  sealed interface Remote extends Engine {

    URI address();

    /** The name of the secret that the server and Behalf share; null for none. */
    @Nullable String secret();

    /** Returns the server, by which its health is known: scheme, host and port. */
    default String server() {
      return address().getScheme() + "://" + address().getRawAuthority();
    }
  }

  /**
   * A server of the operator's own.
   *
   * @param secret the name of the secret that signs the calls; null for unsigned calls
   * @param audience whom the engine may show the token that says whose work it is; null for no
   *     token
   */
  record Http(URI address, @Nullable String secret, @Nullable String audience) implements Remote {}

  /**
   * A model behind an OpenAI-compatible server.
   *
   * @param address the address before {@code /chat/completions}
   * @param secret the name of the key of the server; null for a server that asks for none
   * @param system what the model is told before each conversation; null for nothing
   */
  record Chat(URI address, String model, @Nullable String secret, @Nullable String system)
      implements Remote {

    /** The property with a single message of the user. */
    public static final String PROMPT = "prompt";

    /** The property with a whole conversation: objects with {@code role} and {@code content}. */
    public static final String MESSAGES = "messages";

    /** The property with what the model is told before the prompt. */
    public static final String SYSTEM = "system";

    /** The property that limits the answer, in tokens. */
    public static final String MAX_TOKENS = "max_tokens";

    /** Properties of an input that the server gets as they are. */
    public static final Set<String> PASSED_ON =
        Set.of(
            "temperature",
            "top_p",
            "stop",
            "seed",
            "frequency_penalty",
            "presence_penalty",
            "response_format",
            "reasoning_effort");

    /** Returns whether an input can have a property of this name. */
    static boolean knows(String property) {
      return PASSED_ON.contains(property)
          || Set.of(PROMPT, MESSAGES, SYSTEM, MAX_TOKENS).contains(property);
    }
  }
}
