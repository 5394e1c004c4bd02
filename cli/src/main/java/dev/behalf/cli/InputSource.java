package dev.behalf.cli;

import dev.behalf.contract.InputKind;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The source of a job's input: an option for each property of the operation's schema, a file or
 * standard input for its first text, or a file with the whole input.
 */
final class InputSource {

  private static final String DASH = "-";

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "File with the first text of the input, in UTF-8.")
  @Nullable Path file;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "File with the whole input, as a JSON object.")
  @Nullable Path input;

  /**
   * Reads the whole input.
   *
   * @param schema the schema of the operation's input
   * @param words the options that are properties of the input, with their values; a dash among them
   *     means the standard input
   */
  ObjectNode read(JsonNode schema, List<String> words, InputStream standardInput)
      throws IOException {
    var given = given(words);
    var isPiped = given.remove(DASH) != null;
    if (file != null && isPiped) {
      throw new WrongUsage("Give the text in one way: --file, or - for standard input.");
    }
    var object = input == null ? StrictJson.MAPPER.createObjectNode() : whole(input);
    given.forEach((name, values) -> object.set(name, value(schema, name, values)));
    if (file != null || isPiped) {
      var name = firstText(schema);
      if (object.has(name)) {
        throw new WrongUsage("Give --" + name + " in one way only.");
      }
      object.put(name, file == null ? utf8(standardInput) : utf8(file));
    }
    return object;
  }

  /** Returns the values by property, in the order of the command line. */
  private static Map<String, List<String>> given(List<String> all) {
    var given = new LinkedHashMap<String, List<String>>();
    for (var words = all.iterator(); words.hasNext(); ) {
      var word = words.next();
      if (word.equals(DASH)) {
        given.put(DASH, List.of());
        continue;
      }
      if (!word.startsWith("--") || word.length() == 2) {
        throw new WrongUsage("Give the input as options, such as --text \"Hello\".");
      }
      var equals = word.indexOf('=');
      var name = equals < 0 ? word.substring(2) : word.substring(2, equals);
      if (equals < 0 && !words.hasNext()) {
        throw new WrongUsage("Give a value after " + word + ".");
      }
      given
          .computeIfAbsent(name, known -> new ArrayList<>())
          .add(equals < 0 ? words.next() : word.substring(equals + 1));
    }
    return given;
  }

  private static JsonNode value(JsonNode schema, String name, List<String> values) {
    var property = schema.path("properties").path(name);
    if (property.isMissingNode()) {
      throw new WrongUsage(
          "Unknown option: --" + name + ". This operation takes " + names(schema) + ".");
    }
    var resolved = InputKind.resolved(schema, property);
    var kind = InputKind.of(resolved);
    if (kind == InputKind.LIST) {
      return StrictJson.MAPPER.valueToTree(values);
    }
    if (values.size() > 1) {
      throw new WrongUsage("Give --" + name + " once.");
    }
    var text = values.getFirst();
    if (text.startsWith("@") && !isText(kind)) {
      return json(Path.of(text.substring(1)));
    }
    return kind.read(resolved, text, "\n").orElseGet(() -> StrictJson.MAPPER.valueToTree(text));
  }

  private static boolean isText(InputKind kind) {
    return kind == InputKind.TEXT || kind == InputKind.LONG_TEXT;
  }

  private static String names(JsonNode schema) {
    return schema.path("properties").propertyNames().stream()
        .map(name -> "--" + name)
        .collect(Collectors.joining(", "));
  }

  private static String firstText(JsonNode schema) {
    return schema.path("properties").properties().stream()
        .filter(property -> isText(InputKind.of(InputKind.resolved(schema, property.getValue()))))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () -> new WrongUsage("This operation takes no text: use " + names(schema) + "."));
  }

  private static ObjectNode whole(Path file) throws IOException {
    if (json(file) instanceof ObjectNode object) {
      return object;
    }
    throw new WrongUsage(file + " is not a JSON object.");
  }

  private static JsonNode json(Path file) {
    try {
      return StrictJson.MAPPER.readTree(utf8(file));
    } catch (JacksonException noJson) {
      throw new WrongUsage(file + " is not JSON.");
    } catch (IOException unreadable) {
      throw new WrongUsage(file + " cannot be read.");
    }
  }

  private static String utf8(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return utf8(in);
    }
  }

  /** Reads at most what the server accepts: a pipe may never end. */
  private static String utf8(InputStream in) throws IOException {
    var bytes = in.readNBytes(JobPayload.MAX_BYTES + 1);
    if (bytes.length > JobPayload.MAX_BYTES) {
      throw new WrongUsage("The input is longer than 448 KiB: split it into several jobs.");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      throw new WrongUsage("The text is not UTF-8: convert it to UTF-8.");
    }
  }
}
