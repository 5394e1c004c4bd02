package dev.behalf.engine;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An error of an OpenAI-compatible server, in the body of a status or in the middle of a stream.
 *
 * @param status the status that the error itself names; 0 if it names none
 * @param words its code, or its type if it has no code, in lower case
 * @param param the parameter that it is about; empty if it names none
 * @param isAboutInput whether it names what a moderation has found in the input
 */
record ChatError(int status, String words, String message, String param, boolean isAboutInput) {

  /** Words for what only the operator can mend. */
  private static final Set<String> OF_OPERATOR =
      Set.of(
          "insufficient_quota",
          "billing_hard_limit_reached",
          "billing_not_active",
          "invalid_api_key",
          "authentication_error",
          "permission_error",
          "model_not_found",
          "not_found_error");

  /** Parameters that the definition decides, or this client. */
  private static final Set<String> PARAMS_OF_OPERATOR = Set.of("model", "stream", "stream_options");

  private static final Set<String> PASSING =
      Set.of(
          "rate_limit_exceeded",
          "rate_limit_error",
          "overloaded_error",
          "server_overloaded",
          "unavailable_error");

  private static final Set<String> OF_INPUT =
      Set.of(
          "context_length_exceeded",
          "exceed_context_size_error",
          "content_filter",
          "content_policy_violation",
          "invalid_request_error",
          "badrequesterror");

  /**
   * Reads an error: OpenAI and Ollama send {@code {"error": {"message", "type", "param", "code"}}},
   * vLLM the inner object alone with a number as its code, and others a text.
   *
   * @param key the key of the server, which no message repeats; null for none
   */
  static ChatError of(JsonNode body, @Nullable EngineSecret key) {
    var error = body.path("error").isMissingNode() ? body : body.path("error");
    var code = error.path("code");
    var isStatus = code.asString("").matches("\\d{3}");
    var words = code.isString() && !isStatus ? code.stringValue() : error.path("type").asString("");
    var message =
        error.isString()
            ? error.stringValue()
            : error.path("message").asString(error.path("details").asString(""));
    return new ChatError(
        isStatus ? Integer.parseInt(code.asString()) : 0,
        words.toLowerCase(Locale.ROOT),
        key != null && message.contains(key.text()) ? "" : message,
        error.path("param").asString(""),
        error.path("metadata").has("flagged_input") || error.path("metadata").has("reasons"));
  }

  /** Returns whether the server knows the limit of an answer by another name. */
  boolean isAboutLimit() {
    return words.equals("unsupported_parameter") && param.equals("max_tokens");
  }

  /**
   * Returns what the error means in the middle of a stream.
   *
   * @param hasBegun whether a part of the answer has come: it is paid, so the attempt counts
   */
  EngineAnswer answer(boolean hasBegun) {
    var answer = answer(status, null);
    return hasBegun && !(answer instanceof EngineAnswer.Refused)
        ? failed("an error in the middle", EngineJson.code(words, ""))
        : answer;
  }

  /**
   * Returns what the error means.
   *
   * @param status the status of the answer; 0 in the middle of a stream
   * @param reply null in the middle of a stream
   */
  EngineAnswer answer(int status, @Nullable Reply reply) {
    var code = EngineJson.code(words, "");
    if (isAboutInput) {
      return refused(code);
    }
    if (OF_OPERATOR.contains(words) || PARAMS_OF_OPERATOR.contains(param)) {
      return new EngineAnswer.Unusable(
          false, "The engine answered " + said(status, (code + " " + param).strip()) + ".");
    }
    if (PASSING.contains(words) || status == 429 || status == 503 || status == 529) {
      return new EngineAnswer.Busy(reply == null ? null : reply.retryAfter());
    }
    return switch (status) {
      case 400, 413, 415, 422 -> refused(code);
      case 0 -> OF_INPUT.contains(words) ? refused(code) : failed("an error in the middle", code);
      case 401, 402, 403, 404, 405, 407 ->
          new EngineAnswer.Unusable(false, "The engine answered " + said(status, code) + ".");
      default ->
          status / 100 == 3 && reply != null
              ? EngineProtocol.ofStatus(reply)
              : failed(String.valueOf(status), code);
    };
  }

  private EngineAnswer refused(String code) {
    return new EngineAnswer.Refused(code.isEmpty() ? "refused" : code, EngineJson.detail(message));
  }

  /** Says nothing of the message, which can name what is behind the server. */
  private static EngineAnswer failed(String what, String code) {
    return new EngineAnswer.Failed(
        false, "The engine answered " + (code.isEmpty() ? what : what + " (" + code + ")") + ".");
  }

  private static String said(int status, String code) {
    return code.isEmpty() ? String.valueOf(status) : status + " (" + code + ")";
  }
}
