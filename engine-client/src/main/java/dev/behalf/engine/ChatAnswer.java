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
 * until then the prompt is estimated, and each part counts as one token, or as more if its text is
 * long.
 */
final class ChatAnswer {

  private static final byte[] DATA = "data:".getBytes(UTF_8);

  /** How llama.cpp begins a line with an error. */
  private static final byte[] ERROR = "error:".getBytes(UTF_8);

  private static final byte[] DONE = "[DONE]".getBytes(UTF_8);

  /** Why an answer ended before its end, in the words of OpenAI. */
  private static final String LENGTH = "length";

  private static final int MAX_NAME = 200;

  /** What surrounds the text in a result, in bytes. */
  private static final int AROUND = 1024;

  private final EngineCall call;
  private final Endpoint.Chat endpoint;
  private final Consumer<EngineEvent> listener;
  private final long promptTokens;
  private final StringBuilder text = new StringBuilder();
  private OptionalLong reported = OptionalLong.empty();
  private String model;
  private @Nullable String finish;
  private long parts;
  private long estimate;
  private long bytes;
  private boolean isCut;

  ChatAnswer(
      EngineCall call, Endpoint.Chat endpoint, ObjectNode input, Consumer<EngineEvent> listener) {
    this.call = call;
    this.endpoint = endpoint;
    this.listener = listener;
    this.model = endpoint.model();
    this.promptTokens =
        Texts.of(input).mapToLong(Tokens::atLeast).sum()
            + (endpoint.system() == null ? 0 : Tokens.atLeast(endpoint.system()));
  }

  /** Reads the answer of a server that does not stream. */
  EngineAnswer whole(byte @Nullable [] body) throws BrokenAnswer {
    if (body == null) {
      return new EngineAnswer.TooLarge(call.maxResult());
    }
    var answer = EngineJson.object(body);
    if (isError(answer)) {
      return ChatError.of(answer, endpoint.key()).answer(false);
    }
    var choice = answer.path("choices").path(0);
    if (!choice.path("message").isObject()) {
      throw new BrokenAnswer("The engine sent no message.");
    }
    note(answer);
    hear(choice.path("message"));
    noteFinish(choice);
    return end();
  }

  /** Reads the stream up to its end, or until the answer has cost all that it may. */
  EngineAnswer read(Lines lines) throws IOException, BrokenAnswer {
    // The prompt is paid from here on, whoever stops the answer.
    listener.accept(new EngineEvent.Usage(charged()));
    for (var line = lines.next(); line != null; line = lines.next()) {
      var data = data(line);
      if (data == null) {
        continue; // a comment, which is a sign of life, or a field that says nothing here
      }
      if (Arrays.equals(data, DONE)) {
        return end();
      }
      var chunk = EngineJson.object(data);
      if (line[0] == ERROR[0] || isError(chunk)) {
        return ChatError.of(chunk, endpoint.key()).answer(parts > 0);
      }
      note(chunk);
      var choice = chunk.path("choices").path(0);
      if (hear(choice.path("delta"))) {
        lines.limitSilence();
        listener.accept(new EngineEvent.Usage(charged()));
      }
      noteFinish(choice);
      if (finish == null && (isCut || isUsedUp())) {
        return done(LENGTH, charged());
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

  private static boolean isError(ObjectNode answer) {
    return answer.path("error").isObject()
        || answer.path("error").isString()
        || answer.path("object").asString("").equals("error")
        || (!answer.has("choices") && answer.path("code").isIntegralNumber());
  }

  /** Hears one part; returns whether it brought a text or a thought. */
  private boolean hear(JsonNode message) {
    var heard = content(message);
    var thought = thought(message);
    if (heard.isEmpty() && thought.isEmpty()) {
      return false;
    }
    parts++;
    estimate += Tokens.atLeast(heard) + Tokens.atLeast(thought);
    if (!heard.isEmpty()) {
      add(heard);
    }
    return true;
  }

  /** Adds a part, unless the result would be larger than it may. */
  private void add(String part) {
    bytes += StrictJson.write(part).length;
    if (bytes > call.maxResult() - AROUND) {
      isCut = true;
      return;
    }
    text.append(part);
    listener.accept(
        new EngineEvent.Output(StrictJson.MAPPER.createObjectNode().put("delta", part)));
  }

  /** Returns whether the answer has passed its limit, of a server that does not keep it. */
  private boolean isUsedUp() {
    return (endpoint.maxTokens() > 0
            // The estimate has a wide margin: words of many letters are one token as well.
            && (parts > endpoint.maxTokens() || estimate > 2 * endpoint.maxTokens()))
        || (endpoint.isMetered() && reported.orElse(0) > call.maxUnits());
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

  private void noteFinish(JsonNode choice) {
    var reason = choice.path("finish_reason").asString("");
    if (!reason.isEmpty()) {
      finish = StorableText.shortened(reason, MAX_NAME);
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

  /** Returns what some servers think aloud before the answer. */
  private static String thought(JsonNode message) {
    return message.path("reasoning_content").asString(message.path("reasoning").asString(""));
  }

  private long used() {
    return reported.orElse(promptTokens + Math.max(parts, estimate));
  }

  /** Returns the units that the answer has cost so far: of a metered one, never above the hold. */
  private long charged() {
    return endpoint.isMetered() ? Math.min(call.maxUnits(), used()) : used();
  }

  private EngineAnswer end() throws BrokenAnswer {
    if (finish == null) {
      throw BrokenAnswer.ended("The answer ended without a finish_reason.");
    }
    return done(isCut ? LENGTH : finish, used());
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
    return new EngineAnswer.Done(result, OptionalLong.of(units));
  }
}
