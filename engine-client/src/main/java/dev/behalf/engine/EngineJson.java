package dev.behalf.engine;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StorableText;
import dev.behalf.contract.StrictJson;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.node.ObjectNode;

/** Reads JSON of engines, of which only a bounded part is kept. */
final class EngineJson {

  /** The most values in one JSON object; the beginning and the end of a list count as well. */
  private static final int MAX_VALUES = 200_000;

  private static final int MAX_DEPTH = 64;
  private static final int MAX_DETAIL = 1_000;
  private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  private EngineJson() {}

  /** Returns a code of an engine, or another word if it has not the form of one. */
  static String code(String said, String otherwise) {
    return CODE.matcher(said).matches() ? said : otherwise;
  }

  /** Returns what an engine says to the user, cut after 1,000 characters. */
  static String detail(String said) {
    var clean = StorableText.cleaned(said).strip();
    return clean.isEmpty() ? "It gave no detail." : StorableText.shortened(clean, MAX_DETAIL);
  }

  static ObjectNode object(byte[] json) throws BrokenAnswer {
    try {
      bound(json);
      return StrictJson.read(json, ObjectNode.class);
    } catch (StrictJson.Unreadable unreadable) {
      throw new BrokenAnswer(
          unreadable.code() == ProblemCode.NOT_UTF8
              ? "The engine sent text that is not Unicode."
              : "The engine sent something other than a JSON object.");
    }
  }

  /** Bounds what a tree of this JSON would take: a few bytes can be many objects. */
  private static void bound(byte[] json) throws BrokenAnswer {
    try (var parser = StrictJson.MAPPER.createParser(json)) {
      int values = 0;
      int depth = 0;
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        values += token == JsonToken.PROPERTY_NAME ? 0 : 1;
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (values > MAX_VALUES || depth > MAX_DEPTH) {
          throw new BrokenAnswer(
              "The engine sent JSON of more than 200,000 values, or nested more than 64 levels.");
        }
      }
    } catch (JacksonException malformed) {
      // Reading it stops at the same place and says what is wrong.
    }
  }
}
