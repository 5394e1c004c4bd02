package dev.behalf.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import dev.behalf.contract.Sha256;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads definitions: first the form, by {@code definition.schema.json}, then what a schema cannot
 * say.
 */
public final class Definitions {

  /** The JSON Schema of a definition, for editors and for this class. */
  public static final String FORM = text("definition.schema.json");

  private static final Schema FORM_SCHEMA =
      SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_2020_12,
              builder ->
                  builder.schemaRegistryConfig(
                      SchemaRegistryConfig.builder()
                          .pathType(PathType.JSON_POINTER)
                          .locale(Locale.ENGLISH)
                          .build()))
          .getSchema(FORM, com.networknt.schema.InputFormat.JSON);

  /** The largest definition as JSON, as the database bounds it. */
  private static final int MAX_STORED_BYTES = 512 * 1024;

  private Definitions() {}

  /**
   * Reads a definition as an operator writes it.
   *
   * @throws BadDefinition with the line and what to change
   */
  public static Definition read(String yaml) {
    var document = new Yaml(yaml);
    if (document.root().toString().getBytes(UTF_8).length > MAX_STORED_BYTES) {
      throw new BadDefinition(1, "The definition is larger than 512 KiB of JSON.");
    }
    return read(document.root(), document::line);
  }

  /**
   * Reads a definition as it is stored.
   *
   * @throws BadDefinition if it is none
   */
  public static Definition stored(String json) {
    return read(StrictJson.MAPPER.readValue(json, ObjectNode.class), pointer -> 0);
  }

  /** Returns a digest that is equal for definitions with equal content. */
  public static byte[] digest(Definition definition) {
    return Sha256.of(definition.json().toString().getBytes(UTF_8));
  }

  private static Definition read(ObjectNode json, ToIntFunction<String> line) {
    FORM_SCHEMA.validate(json).stream()
        // A choice that is wrong says more than what is wrong with each of its branches.
        .min(Comparator.comparing(error -> !error.getKeyword().equals("oneOf")))
        .ifPresent(
            error -> {
              throw new BadDefinition(line.applyAsInt(place(error)), sentence(error));
            });
    return new DefinitionReading(json, line).definition();
  }

  /** Returns the files of a folder that are definitions by their names, in order. */
  public static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("[^.].*\\.ya?ml"))
          .sorted()
          .toList();
    }
  }

  /**
   * Checks that the engine of a definition exists.
   *
   * @param engines the built-in engines of this release
   * @throws BadDefinition if it does not
   */
  public static void requireEngine(Definition definition, SortedSet<String> engines) {
    if (definition.engine() instanceof Engine.Builtin builtin
        && !engines.contains(builtin.name())) {
      throw new BadDefinition(
          0,
          "There is no built-in engine \"%s\": use one of %s."
              .formatted(builtin.name(), String.join(", ", engines)));
    }
  }

  private static String place(Error error) {
    var at = error.getInstanceLocation().toString();
    return error.getProperty() == null || error.getKeyword().equals("required")
        ? at
        : at + "/" + Pointers.escaped(error.getProperty());
  }

  private static String sentence(Error error) {
    var at = error.getInstanceLocation().toString();
    return switch (error.getKeyword()) {
      case "required" -> "Set " + name(at, error.getProperty()) + ".";
      case "additionalProperties" ->
          "Unknown property " + name(at, error.getProperty()) + ": remove it.";
      case "oneOf" ->
          switch (at) {
            case "/engine" -> "Set exactly one of \"builtin\", \"http\", \"chat\".";
            case "/units" -> "Set exactly one of \"fixed\", \"per\", \"metered\".";
            default ->
                name(at, null)
                    + " is wrong: write a whole number, or one of characters, bytes, tokens, field,"
                    + " plus, times.";
          };
      default -> {
        var message = Objects.requireNonNullElse(error.getMessage(), error.getKeyword());
        yield (at.isEmpty() ? "The definition" : "\"" + at.substring(1) + "\"")
            + " is wrong: "
            + message.replaceFirst("^" + java.util.regex.Pattern.quote(at) + ":? ?", "")
            + ".";
      }
    };
  }

  private static String name(String at, @Nullable String property) {
    return "\"" + (property == null ? at : at + "/" + property).substring(1) + "\"";
  }

  private static String text(String resource) {
    try (InputStream file = Definitions.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
