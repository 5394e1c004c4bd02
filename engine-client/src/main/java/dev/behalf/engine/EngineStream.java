package dev.behalf.engine;

import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a result: one JSON object, or objects line by line up to the first result or problem. */
final class EngineStream {

  private static final Pattern UNITS = Pattern.compile("\\d{1,12}");

  private final long maxResult;
  private final Consumer<EngineEvent> listener;
  private OptionalLong units = OptionalLong.empty();

  EngineStream(long maxResult, Consumer<EngineEvent> listener) {
    this.maxResult = maxResult;
    this.listener = listener;
  }

  /**
   * Returns a result that is the whole body.
   *
   * @param body null if it is larger than a result may be
   * @param units the header with the units, if there is one
   */
  EngineAnswer whole(byte @Nullable [] body, @Nullable String units) throws BrokenAnswer {
    if (body == null) {
      return new EngineAnswer.TooLarge(maxResult);
    }
    if (units != null && !UNITS.matcher(units.strip()).matches()) {
      throw new BrokenAnswer("Behalf-Units is not a whole number.");
    }
    return done(
        EngineJson.object(body),
        units == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(units.strip())));
  }

  /** Reads lines up to the first result or problem. */
  EngineAnswer read(Lines lines) throws IOException, BrokenAnswer {
    lines.limitSilence();
    for (var line = lines.next(); line != null; line = lines.next()) {
      if (line.length == 0) {
        continue; // a heartbeat
      }
      var end = line(EngineJson.object(line));
      if (end != null) {
        return end;
      }
    }
    throw BrokenAnswer.ended("The answer ended without a result or a problem.");
  }

  private @Nullable EngineAnswer line(ObjectNode line) throws BrokenAnswer {
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
        throw new BrokenAnswer("A \"fraction\" is not a number from 0 to 1.");
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
    var code = EngineJson.code(problem.path("code").asString(""), "refused");
    var detail =
        EngineJson.detail(problem.path("detail").asString(problem.path("title").asString("")));
    return problem.path("retry").asBoolean(false)
        ? new EngineAnswer.Failed(false, "The engine reported " + code + ".", detail)
        : new EngineAnswer.Refused(code, detail);
  }

  private static ObjectNode body(ObjectNode line, String name) throws BrokenAnswer {
    if (line.path(name) instanceof ObjectNode body) {
      return body;
    }
    throw new BrokenAnswer("\"" + name + "\" is not a JSON object.");
  }

  private static ObjectNode withText(ObjectNode body, String property) throws BrokenAnswer {
    if (!body.path(property).isString()) {
      throw new BrokenAnswer("\"" + property + "\" is not a text.");
    }
    return body;
  }

  private static long units(JsonNode units) throws BrokenAnswer {
    if (!units.isIntegralNumber()
        || !units.canConvertToLong()
        || units.asLong() < 0
        || units.asLong() >= 1_000_000_000_000L) {
      throw new BrokenAnswer("\"units\" is not a whole number from 0 to 999,999,999,999.");
    }
    return units.asLong();
  }
}
