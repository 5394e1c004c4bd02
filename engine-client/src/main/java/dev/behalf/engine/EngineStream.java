package dev.behalf.engine;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StorableText;
import dev.behalf.contract.StrictJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the answer of an engine: one JSON object, or objects line by line up to the first result or
 * problem. Whatever the engine sends, only a bounded part of it is kept.
 */
final class EngineStream {

  /** The longest line, in bytes; a result that is longer is sent as plain JSON. */
  static final int MAX_LINE = 1024 * 1024;

  /** The most bytes of lines before the end, of an answer within a minute and of a longer one. */
  private static final long MAX_EVENTS = 8L * 1024 * 1024;

  private static final long MAX_EVENTS_OF_LONG = 64L * 1024 * 1024;

  private static final Duration LONG = Duration.ofMinutes(1);

  /** The most values in one JSON object; the beginning and the end of a list count as well. */
  private static final int MAX_VALUES = 200_000;

  private static final int MAX_DEPTH = 64;

  private static final int MAX_CODE = 63;
  private static final int MAX_DETAIL = 1_000;
  private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final Pattern UNITS = Pattern.compile("\\d{1,12}");

  private final BufferedSource source;
  private final long maxResult;
  private final long maxEvents;
  private final Consumer<EngineEvent> listener;
  private OptionalLong units = OptionalLong.empty();

  /**
   * Creates the reader of one answer.
   *
   * @param within how long the answer may take
   */
  EngineStream(
      BufferedSource source, long maxResult, Duration within, Consumer<EngineEvent> listener) {
    this.source = source;
    this.maxResult = maxResult;
    this.maxEvents = within.compareTo(LONG) > 0 ? MAX_EVENTS_OF_LONG : MAX_EVENTS;
    this.listener = listener;
  }

  /** Thrown if the engine breaks the protocol; the message says how. */
  static final class Broken extends Exception {
    private Broken(String reason) {
      super(reason, null, false, false);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * Reads a result that is the whole body.
   *
   * @param units the header with the units, if there is one
   */
  EngineAnswer whole(@Nullable String units) throws IOException, Broken {
    var bytes = new ByteArrayOutputStream();
    var buffer = new byte[16 * 1024];
    for (int n = source.read(buffer); n >= 0; n = source.read(buffer)) {
      bytes.write(buffer, 0, n);
      if (bytes.size() > maxResult) {
        return new EngineAnswer.TooLarge(maxResult);
      }
    }
    if (units != null && !UNITS.matcher(units.strip()).matches()) {
      throw new Broken("Behalf-Units is not a whole number.");
    }
    return done(
        object(bytes.toByteArray()),
        units == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(units.strip())));
  }

  /** Reads lines up to the first result or problem. */
  EngineAnswer lines() throws IOException, Broken {
    long read = 0;
    for (var line = line(); line != null; line = line()) {
      read += line.length + 1L;
      if (read > maxEvents + maxResult) {
        throw new Broken(
            "The engine sent more than %d MiB of lines before its end."
                .formatted(maxEvents / 1024 / 1024));
      }
      if (line.length == 0) {
        continue; // a heartbeat
      }
      var end = line(object(line));
      if (end != null) {
        return end;
      }
    }
    throw new Broken("The answer ended without a result or a problem.");
  }

  /** Returns the next line without its end, or null after the last one. */
  private byte @Nullable [] line() throws IOException, Broken {
    if (source.exhausted()) {
      return null;
    }
    var end = source.indexOf((byte) '\n', 0, MAX_LINE + 1L);
    if (end < 0 && source.request(MAX_LINE + 1L)) {
      throw new Broken("A line is longer than 1 MiB.");
    }
    // The last newline is optional.
    var line = end < 0 ? source.readByteArray() : source.readByteArray(end);
    if (end >= 0) {
      source.skip(1);
    }
    return line.length > 0 && line[line.length - 1] == '\r'
        ? Arrays.copyOf(line, line.length - 1)
        : line;
  }

  private @Nullable EngineAnswer line(ObjectNode line) throws Broken {
    if (line.has("result")) {
      var reported = line.has("units") ? OptionalLong.of(units(line.required("units"))) : units;
      return done(body(line, "result"), reported);
    }
    if (line.has("problem")) {
      return problem(body(line, "problem"));
    }
    if (line.has("progress")) {
      var progress = body(line, "progress");
      var fraction = progress.path("fraction");
      if (!fraction.isMissingNode()
          && !(fraction.isNumber() && fraction.asDouble() >= 0 && fraction.asDouble() <= 1)) {
        throw new Broken("A \"fraction\" is not a number from 0 to 1.");
      }
      listener.accept(new EngineEvent.Progress(progress));
    } else if (line.has("output")) {
      listener.accept(new EngineEvent.Output(withText(body(line, "output"), "delta")));
    } else if (line.has("log")) {
      listener.accept(new EngineEvent.Log(withText(body(line, "log"), "message")));
    } else if (line.has("usage")) {
      var reported = units(body(line, "usage").path("units"));
      units = OptionalLong.of(reported);
      listener.accept(new EngineEvent.Usage(reported));
    }
    // Names that are not known are those of a later version.
    return null;
  }

  private EngineAnswer done(ObjectNode result, OptionalLong units) {
    return StrictJson.write(result).length > maxResult
        ? new EngineAnswer.TooLarge(maxResult)
        : new EngineAnswer.Done(result, units);
  }

  /** Returns what a problem says; one that may pass is a failed attempt. */
  static EngineAnswer problem(JsonNode problem) {
    var said = problem.path("code").asString("");
    var code = said.length() <= MAX_CODE && CODE.matcher(said).matches() ? said : "refused";
    var detail = detail(problem);
    return problem.path("retry").asBoolean(false)
        ? new EngineAnswer.Failed(false, "The engine reported " + code + ".", detail)
        : new EngineAnswer.Refused(code, detail);
  }

  private static String detail(JsonNode problem) {
    var detail = problem.path("detail").asString(problem.path("title").asString(""));
    var clean = StorableText.cleaned(detail).strip();
    return clean.isEmpty() ? "It gave no detail." : StorableText.shortened(clean, MAX_DETAIL);
  }

  private static ObjectNode body(ObjectNode line, String name) throws Broken {
    if (line.path(name) instanceof ObjectNode body) {
      return body;
    }
    throw new Broken("\"" + name + "\" is not a JSON object.");
  }

  private static ObjectNode withText(ObjectNode body, String property) throws Broken {
    if (!body.path(property).isString()) {
      throw new Broken("\"" + property + "\" is not a text.");
    }
    return body;
  }

  private static long units(JsonNode units) throws Broken {
    if (!units.isIntegralNumber()
        || !units.canConvertToLong()
        || units.asLong() < 0
        || units.asLong() >= 1_000_000_000_000L) {
      throw new Broken("\"units\" is not a whole number from 0 to 999,999,999,999.");
    }
    return units.asLong();
  }

  private static ObjectNode object(byte[] json) throws Broken {
    try {
      bound(json);
      return StrictJson.read(json, ObjectNode.class);
    } catch (StrictJson.Unreadable unreadable) {
      throw new Broken(
          unreadable.code() == ProblemCode.NOT_UTF8
              ? "The engine sent text that is not Unicode."
              : "The engine sent something other than a JSON object.");
    }
  }

  /** Bounds what a tree of this JSON would take: a few bytes can be many objects. */
  private static void bound(byte[] json) throws Broken {
    try (var parser = StrictJson.MAPPER.createParser(json)) {
      int values = 0;
      int depth = 0;
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        values += token == JsonToken.PROPERTY_NAME ? 0 : 1;
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (values > MAX_VALUES || depth > MAX_DEPTH) {
          throw new Broken(
              "The engine sent JSON of more than 200,000 values, or nested more than 64 levels.");
        }
      }
    } catch (JacksonException malformed) {
      // Reading it stops at the same place and says what is wrong.
    }
  }
}
