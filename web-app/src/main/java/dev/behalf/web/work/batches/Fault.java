package dev.behalf.web.work.batches;

import dev.behalf.contract.StrictJson;
import dev.behalf.operation.Violation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What is wrong with a file or with one of its lines.
 *
 * @param sentence in English, as the API gives it
 * @param words the same for a page in the reader's language
 */
record Fault(String sentence, Words words) {

  /**
   * A message of the bundles.
   *
   * @param key a later version may not have it: then the page shows the English sentence
   * @param at the property that is wrong, with slashes before what is within it; empty for the
   *     whole line
   * @param values the values of the message
   */
  record Words(String key, String at, List<String> values) {

    /** Returns what is stored; null for what a later version has stored in another form. */
    static @Nullable Words read(@Nullable String json) {
      try {
        return json == null ? null : StrictJson.MAPPER.readValue(json, Words.class);
      } catch (JacksonException another) {
        return null;
      }
    }

    /** Returns the values as message formats take them. */
    public Object[] arguments() {
      return values.toArray();
    }
  }

  /** Returns the fault of an input that breaks a rule of its operation, in a form's words. */
  static Fault of(Violation broken) {
    var at = broken.pointer();
    return new Fault(
        broken.sentence(),
        new Words(
            "input.fault." + broken.kind(),
            at.isEmpty() ? at : at.substring(1),
            List.of(broken.bound())));
  }

  /** Returns the fault of a file or a line that cannot be read. */
  static Fault of(Misread why, Object... values) {
    var shown = Arrays.stream(values).map(String::valueOf).toList();
    return new Fault(
        why.sentence().formatted(shown.toArray()),
        new Words("batches.misread." + why.wire(), "", shown));
  }
}
