package dev.behalf.engine;

import dev.behalf.contract.StrictJson;
import dev.behalf.operation.Engine.Chat;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The chat completions of OpenAI-compatible servers, streamed. The forms that are accepted are
 * those of OpenAI, vLLM, Ollama and llama.cpp; docs/engines.md describes them.
 */
final class ChatProtocol implements EngineProtocol {

  private static final String SSE = "text/event-stream";

  /** The name of the limit that OpenAI asks for, and other servers refuse. */
  private static final String NEWER_NAME = "max_completion_tokens";

  private final EngineCall call;
  private final Endpoint.Chat endpoint;
  private final ObjectNode input;
  private final Set<String> renamed;
  private boolean hasNewerName;

  /**
   * Creates the protocol of one call.
   *
   * @param renamed models whose servers call the limit of an answer by its newer name
   */
  ChatProtocol(EngineCall call, Endpoint.Chat endpoint, Set<String> renamed) {
    this.call = call;
    this.endpoint = endpoint;
    this.input = StrictJson.MAPPER.readValue(call.input(), ObjectNode.class);
    this.renamed = renamed;
  }

  @Override
  public Request request(Instant now) {
    var base = endpoint.address().toString();
    var request =
        new Request.Builder()
            .url(base + (base.endsWith("/") ? "" : "/") + "chat/completions")
            .header("Accept", SSE + ", " + Reply.JSON)
            // Without this, the client would ask for gzip.
            .header("Accept-Encoding", "identity")
            .header("User-Agent", "Behalf")
            .post(RequestBody.create(StrictJson.write(body()), MediaType.get(Reply.JSON)));
    if (endpoint.key() != null) {
      request.header("Authorization", "Bearer " + endpoint.key().text());
    }
    return request.build();
  }

  private String model() {
    return endpoint.address() + " " + endpoint.model();
  }

  private ObjectNode body() {
    var body = StrictJson.MAPPER.createObjectNode();
    body.put("model", endpoint.model());
    body.set("messages", messages());
    body.put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    hasNewerName = renamed.contains(model());
    if (endpoint.maxTokens() > 0) {
      body.put(hasNewerName ? NEWER_NAME : Chat.MAX_TOKENS, endpoint.maxTokens());
    }
    for (var property : input.properties()) {
      if (Chat.PASSED_ON.contains(property.getKey())) {
        body.set(property.getKey(), property.getValue());
      }
    }
    return body;
  }

  private ArrayNode messages() {
    var messages = StrictJson.MAPPER.createArrayNode();
    if (endpoint.system() != null) {
      messages.addObject().put("role", "system").put("content", endpoint.system());
    }
    if (input.path(Chat.SYSTEM).isString()) {
      add(messages, "system", input.path(Chat.SYSTEM));
    }
    if (input.path(Chat.MESSAGES) instanceof ArrayNode conversation) {
      for (var message : conversation) {
        add(messages, message.path("role").asString("user"), message.path("content"));
      }
    } else {
      add(messages, "user", input.path(Chat.PROMPT));
    }
    return messages;
  }

  /** Adds a message with text alone: the server would fetch pictures from where a user says. */
  private static void add(ArrayNode messages, String role, JsonNode content) {
    messages.addObject().put("role", role).put("content", content.asString(""));
  }

  @Override
  public @Nullable EngineAnswer answer(Reply reply, Consumer<EngineEvent> listener)
      throws IOException, BrokenAnswer {
    if (reply.status() == 200) {
      return read(reply, listener);
    }
    var error = ChatError.of(reply.problem(), endpoint.key());
    if (error.isAboutLimit() && !hasNewerName) {
      // Asked once more, nothing is computed twice: the server has refused the request.
      renamed.add(model());
      return null;
    }
    return error.answer(reply.status(), reply);
  }

  private EngineAnswer read(Reply reply, Consumer<EngineEvent> listener)
      throws IOException, BrokenAnswer {
    if (reply.isEncoded()) {
      return new EngineAnswer.Failed(false, "The engine sent an encoded body.");
    }
    var answer = new ChatAnswer(call, endpoint, input, listener);
    return switch (reply.type()) {
      case SSE -> reply.lines(answer::read);
      case Reply.JSON -> answer.whole(reply.whole());
      default ->
          new EngineAnswer.Failed(
              false, "The engine sent neither " + SSE + " nor " + Reply.JSON + ".");
    };
  }
}
