package dev.behalf.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import dev.behalf.contract.CallLimits;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.Sha256;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
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

  private static final String MAX_TEXT = "64KiB";

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
        .findFirst()
        .ifPresent(
            error -> {
              throw new BadDefinition(line.applyAsInt(place(error)), sentence(error));
            });
    return new Reading(json, line).definition();
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
    if (!engines.contains(definition.engine())) {
      throw new BadDefinition(
          0,
          "There is no built-in engine \"%s\": use one of %s."
              .formatted(definition.engine(), String.join(", ", engines)));
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
      case "const" -> "Write \"run: quick\": this version runs only quick operations.";
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
    return "\"" + (at + "/" + property).substring(1) + "\"";
  }

  /** One definition that is being read; its form is right. */
  private record Reading(ObjectNode json, ToIntFunction<String> line) {

    Definition definition() {
      var limits = limits(json.path("limits"));
      var input = schema("input");
      checkInput(input);
      var units = units(json.path("units"), input);
      var definition =
          new Definition(
              json,
              json.required("name").asString(),
              localized(json.path("title")),
              localized(json.path("description")),
              input,
              json.has("output") ? schema("output") : null,
              examples(),
              units,
              limits,
              json.at("/engine/builtin").asString(),
              json.at("/engine/slot").asBoolean(true),
              permission());
      checkExamples(definition);
      return definition;
    }

    private @Nullable String permission() {
      var users = json.path("users").asString("all");
      return users.equals("all") ? null : users;
    }

    private InputSchema schema(String property) {
      try {
        return InputSchema.of((ObjectNode) json.required(property));
      } catch (SchemaRules.Broken broken) {
        throw bad("/" + property + broken.pointer(), broken.reason());
      }
    }

    private void checkInput(InputSchema input) {
      var schema = input.json();
      if (!schema.path("type").asString("").equals("object")) {
        throw bad("/input", "Set \"type: object\": an input is an object.");
      }
      if (schema.path("properties").has(JobPayload.OPERATION)) {
        throw bad(
            "/input/properties/" + JobPayload.OPERATION,
            "Rename the property: \"operation\" names the operation in a payload.");
      }
    }

    private Limits limits(JsonNode limits) {
      var input = Sizes.bytes(limits.path("input").asString("448KiB"));
      var runWithin = Sizes.duration(limits.path("run_within").asString("20s"));
      var output = limits.path("output");
      var result =
          output.isMissingNode() ? Limits.LARGEST_QUICK_OUTPUT : Sizes.bytes(output.asString());
      if (input < 1 || input > Limits.LARGEST_INPUT) {
        throw bad("/limits/input", "Choose at most 448KiB.");
      }
      if (result < 1 || result > Limits.LARGEST_QUICK_OUTPUT) {
        throw bad("/limits/output", "Choose less than 4MiB: a quick result is part of the answer.");
      }
      if (runWithin.isZero() || runWithin.compareTo(CallLimits.QUICK_RUN) > 0) {
        throw bad(
            "/limits/run_within", "Choose at most 20s: a quick operation answers in the call.");
      }
      var text = Math.min(input, Sizes.bytes(limits.path("text").asString(MAX_TEXT)));
      return new Limits(runWithin, input, text, result);
    }

    private Units units(JsonNode units, InputSchema input) {
      var name = units.required("name").asString();
      if (units.has("fixed")) {
        return new Units.Fixed(name, units.required("fixed").asLong());
      }
      var of = new ArrayList<String>();
      for (var property :
          units.path("of").isArray() ? units.path("of") : List.of(units.path("of"))) {
        if (property.isMissingNode()) {
          continue;
        }
        if (!input.json().path("properties").has(property.asString())) {
          throw bad("/units/of", "The input has no property \"" + property.asString() + "\".");
        }
        of.add(property.asString());
      }
      return new Units.Per(
          name,
          Units.Measure.valueOf(units.required("per").asString().toUpperCase(Locale.ROOT)),
          List.copyOf(of),
          units.path("every").asLong(1));
    }

    private List<Definition.Example> examples() {
      var examples = new ArrayList<Definition.Example>();
      for (var example : json.path("examples")) {
        examples.add(
            new Definition.Example(
                localized(example.required("title")), (ObjectNode) example.required("input")));
      }
      return List.copyOf(examples);
    }

    private void checkExamples(Definition definition) {
      int i = 0;
      for (var example : definition.examples()) {
        var at = "/examples/" + i++ + "/input";
        definition.check(example.input()).stream()
            .findFirst()
            .ifPresent(
                violation -> {
                  throw bad(
                      at + violation.pointer(),
                      "The example breaks the schema: " + violation.sentence());
                });
      }
    }

    private static Localized localized(JsonNode texts) {
      if (texts.isMissingNode()) {
        return Localized.NONE;
      }
      return texts.isString()
          ? new Localized(Map.of("en", texts.stringValue()))
          : StrictJson.MAPPER.treeToValue(texts, Localized.class);
    }

    private BadDefinition bad(String pointer, String reason) {
      return new BadDefinition(line.applyAsInt(pointer), reason);
    }
  }

  private static String text(String resource) {
    try (InputStream file = Definitions.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
