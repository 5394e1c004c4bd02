package dev.behalf.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.contract.StorableText;
import dev.behalf.contract.StrictJson;
import dev.behalf.operation.Texts;
import dev.behalf.operation.Tokens;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answer of a chat, put together from its parts. What it has cost is what the server reports;
 * until then the prompt is estimated and each part counts as one token, which is never more.
 */
final class ChatAnswer {

  private static final byte[] DATA = "data:".getBytes(UTF_8);

  /** How llama.cpp begins a line with an error. */
  private static final byte[] ERROR = "error:".getBytes(UTF_8);

  private static final byte[] DONE = "[DONE]".getBytes(UTF_8);

  /** How many parts are heard before the tokens are reported again. */
  private static final int REPORTED_EVERY = 20;

  private static final int MAX_NAME = 200;

  private final EngineCall call;
  private final Endpoint.Chat endpoint;
  private final Consumer<EngineEvent> listener;
  private final long promptTokens;
  private final StringBuilder text = new StringBuilder();
  private OptionalLong reported = OptionalLong.empty();
  private String model;
  private @Nullable String finish;
  private long parts;
  private long bytes;

  ChatAnswer(
      EngineCall call, Endpoint.Chat endpoint, ObjectNode input, Consumer<EngineEvent> listener) {
    this.call = call;
    this.endpoint = endpoint;
    this.listener = listener;
    this.model = endpoint.model();
    this.promptTokens =
        Texts.of(input).mapToLong(Tokens::likely).sum()
            + (endpoint.system() == null ? 0 : Tokens.likely(endpoint.system()));
  }

  /** Reads the answer of a server that does not stream. */
  EngineAnswer whole(byte @Nullable [] body) throws BrokenAnswer {
    if (body == null) {
      return new EngineAnswer.TooLarge(call.maxResult());
    }
    var answer = EngineJson.object(body);
    if (answer.has("error")) {
      return ChatError.of(answer, endpoint.key()).answer();
    }
    note(answer);
    var choice = answer.path("choices").path(0);
    add(content(choice.path("message")));
    parts = Tokens.likely(text.toString());
    return done(choice.path("finish_reason").asString("stop"), used());
  }

  /** Reads the stream up to its end, or until the answer has cost all that it may. */
  EngineAnswer read(Lines lines) throws IOException, BrokenAnswer {
    for (var line = lines.next(); line != null; line = lines.next()) {
      var data = data(line);
      if (data == null) {
        continue; // a comment, which is a sign of life, or a field that says nothing here
      }
      if (Arrays.equals(data, DONE)) {
        return end();
      }
      var chunk = EngineJson.object(data);
      if (isError(line, chunk)) {
        return ChatError.of(chunk, endpoint.key()).answer();
      }
      hear(chunk);
      if (finish == null && isUsedUp()) {
        return done("length", units());
      }
      if (bytes > call.maxResult()) {
        return new EngineAnswer.TooLarge(call.maxResult());
      }
    }
    return end();
  }

  private static byte @Nullable [] data(byte[] line) {
    for (var field : new byte[][] {DATA, ERROR}) {
      if (line.length >= field.length
          && Arrays.equals(line, 0, field.length, field, 0, field.length)) {
        int from = line.length > field.length && line[field.length] == ' ' ? 1 : 0;
        return Arrays.copyOfRange(line, field.length + from, line.length);
      }
    }
    return null;
  }

  private static boolean isError(byte[] line, ObjectNode chunk) {
    return line[0] == ERROR[0]
        || chunk.path("error").isObject()
        || chunk.path("error").isString()
        || chunk.path("object").asString("").equals("error")
        || (!chunk.has("choices") && chunk.path("code").isIntegralNumber());
  }

  private void hear(ObjectNode chunk) {
    note(chunk);
    var choice = chunk.path("choices").path(0);
    var delta = choice.path("delta");
    var heard = content(delta);
    if (!heard.isEmpty() || isThinking(delta)) {
      parts++;
      if (parts == 1 || parts % REPORTED_EVERY == 0) {
        listener.accept(new EngineEvent.Usage(units()));
      }
    }
    if (!heard.isEmpty()) {
      add(heard);
      listener.accept(
          new EngineEvent.Output(StrictJson.MAPPER.createObjectNode().put("delta", heard)));
    }
    if (choice.path("finish_reason").isString()) {
      finish = choice.path("finish_reason").stringValue();
    }
  }

  private boolean isUsedUp() {
    return (endpoint.maxTokens() > 0 && parts > endpoint.maxTokens())
        || (endpoint.isMetered() && used() > call.maxUnits());
  }

  private void note(ObjectNode said) {
    model = StorableText.shortened(said.path("model").asString(model), MAX_NAME);
    var usage = said.path("usage");
    var total =
        usage.has("total_tokens")
            ? usage.path("total_tokens").asLong(0)
            : usage.path("prompt_tokens").asLong(0) + usage.path("completion_tokens").asLong(0);
    if (total > 0) {
      reported = OptionalLong.of(total);
    }
  }

  private static String content(JsonNode message) {
    var content = message.path("content");
    if (content.isString()) {
      return content.stringValue();
    }
    if (!content.isArray()) {
      return message.path("refusal").asString("");
    }
    var text = new StringBuilder();
    for (var part : content) {
      text.append(part.path("text").asString(""));
    }
    return text.toString();
  }

  /** Returns whether a part is one of the thoughts that some servers send before the answer. */
  private static boolean isThinking(JsonNode delta) {
    return !delta.path("reasoning_content").asString("").isEmpty()
        || !delta.path("reasoning").asString("").isEmpty();
  }

  private void add(String part) {
    text.append(part);
    bytes += part.getBytes(UTF_8).length;
  }

  private long used() {
    return reported.orElse(promptTokens + parts);
  }

  private long units() {
    return endpoint.isMetered() ? Math.min(call.maxUnits(), used()) : used();
  }

  private EngineAnswer end() throws BrokenAnswer {
    if (finish == null) {
      throw BrokenAnswer.ended("The answer ended without a finish_reason.");
    }
    return done(finish, used());
  }

  private EngineAnswer done(String reason, long units) {
    if (reported.isEmpty()) {
      listener.accept(
          new EngineEvent.Log(
              StrictJson.MAPPER
                  .createObjectNode()
                  .put("message", "The engine reported no usage: the tokens are an estimate.")));
    }
    var result = StrictJson.MAPPER.createObjectNode();
    result.put("text", text.toString());
    result.put("finish_reason", reason);
    result.put("model", model);
    return StrictJson.write(result).length > call.maxResult()
        ? new EngineAnswer.TooLarge(call.maxResult())
        : new EngineAnswer.Done(result, OptionalLong.of(units));
  }
}
