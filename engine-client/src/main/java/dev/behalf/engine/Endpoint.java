package dev.behalf.engine;

import dev.behalf.operation.Definition;
import dev.behalf.operation.Engine;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Where an engine is, and what it is spoken to in. */
public sealed interface Endpoint {

  URI address();

  /**
   * Returns the endpoint of a call.
   *
   * @param maxUnits the most units of the call
   * @param secret the secret that the definition names; null if it names none
   * @param jobToken says whose work it is, to the engine's audience; null for none
   */
  static Endpoint of(
      Definition definition,
      ObjectNode input,
      long maxUnits,
      @Nullable EngineSecret secret,
      @Nullable String jobToken) {
    return switch (definition.engine()) {
      case Engine.Builtin builtin -> throw new IllegalArgumentException(builtin.name());
      case Engine.Http http -> new Behalf(http.address(), secret, jobToken);
      case Engine.Chat chat -> {
        var isMetered = definition.units().isMetered();
        var asked =
            input
                .path(Engine.Chat.MAX_TOKENS)
                .asLong(
                    definition
                        .properties()
                        .getOrDefault(Engine.Chat.MAX_TOKENS, MissingNode.getInstance())
                        .path("default")
                        .asLong(0));
        yield new Chat(
            chat.address(),
            chat.model(),
            chat.system(),
            secret,
            isMetered ? Math.min(asked == 0 ? maxUnits : asked, maxUnits) : asked,
            isMetered);
      }
    };
  }

  /**
   * An engine that speaks the protocol of docs/engines.md.
   *
   * @param secret signs the call; null for an unsigned one
   * @param jobToken says whose work it is, to the engine's audience; null for none
   */
  record Behalf(URI address, @Nullable EngineSecret secret, @Nullable String jobToken)
      implements Endpoint {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /**
   * An OpenAI-compatible server.
   *
   * @param address the address before {@code /chat/completions}
   * @param system what the model is told before the conversation; null for nothing
   * @param key the key of the server; null for a server that asks for none
   * @param maxTokens the longest answer; 0 for what the server allows
   * @param isMetered whether the tokens are charged, so that no more may be used than the call's
   *     units
   */
  record Chat(
      URI address,
      String model,
      @Nullable String system,
      @Nullable EngineSecret key,
      long maxTokens,
      boolean isMetered)
      implements Endpoint {
    @Override
    public String toString() {
      return address + " " + model;
    }
  }
}
