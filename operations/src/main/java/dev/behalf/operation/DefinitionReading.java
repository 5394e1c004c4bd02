package dev.behalf.operation;

import dev.behalf.contract.CallLimits;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One definition that is being read; its form is right. */
record DefinitionReading(ObjectNode json, ToIntFunction<String> line) {

  private static final String MAX_TEXT = "64KiB";

  private static final Duration LONGEST_WAIT = Duration.ofDays(7);

  Definition definition() {
    var engine = engine(json.required("engine"));
    var run = run(engine);
    var limits = limits(json.path("limits"), engine, run);
    var input = schema("input");
    checkInput(input);
    if (engine instanceof Engine.Chat) {
      checkChat(input);
    }
    var units = units(json.path("units"), input, engine);
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
            run,
            limits,
            engine,
            permission(),
            retentionHours());
    checkExamples(definition);
    return definition;
  }

  private @Nullable Integer retentionHours() {
    var retention = text(json, "retention");
    return retention == null ? null : Integer.valueOf(Sizes.hours(retention));
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

  /** Checks that a chat can be made of each input. */
  private void checkChat(InputSchema input) {
    var properties = input.json().path("properties");
    if (properties.has(Engine.Chat.PROMPT) == properties.has(Engine.Chat.MESSAGES)) {
      throw bad(
          "/input", "The input of a chat has \"prompt\" or \"messages\": define one of them.");
    }
    for (var property :
        Map.of(
                Engine.Chat.PROMPT, "string",
                Engine.Chat.SYSTEM, "string",
                Engine.Chat.MESSAGES, "array",
                Engine.Chat.MAX_TOKENS, "integer")
            .entrySet()) {
      var schema = properties.path(property.getKey());
      if (!schema.isMissingNode()
          && !schema.path("type").asString("").equals(property.getValue())) {
        throw bad(
            "/input/properties/" + property.getKey(),
            "Set \"type: %s\": that is what chat servers ask for.".formatted(property.getValue()));
      }
    }
    var longest = properties.path(Engine.Chat.MAX_TOKENS);
    if (!longest.isMissingNode() && longest.path("minimum").asInt(0) < 1) {
      throw bad(
          "/input/properties/" + Engine.Chat.MAX_TOKENS,
          "Set \"minimum: 1\": no answer has fewer tokens.");
    }
    for (var property : properties.properties()) {
      if (!Engine.Chat.knows(property.getKey())) {
        throw bad(
            "/input/properties/" + Pointers.escaped(property.getKey()),
            "A chat has no such property: use prompt or messages, system, max_tokens, "
                + String.join(", ", new TreeSet<>(Engine.Chat.PASSED_ON))
                + ".");
      }
    }
  }

  private Engine engine(JsonNode engine) {
    if (json.has("audience") && !engine.has("http")) {
      throw bad(
          "/audience", "Only an engine called by \"http\" gets a token: remove \"audience\".");
    }
    for (var property : List.of("model", "system")) {
      if (engine.has(property) && !engine.has("chat")) {
        throw bad("/engine/" + property, "Only a chat has this property: remove it.");
      }
    }
    if (engine.has("builtin")) {
      if (engine.has("secret")) {
        throw bad("/engine/secret", "A built-in engine has no secret: remove \"secret\".");
      }
      return new Engine.Builtin(
          engine.required("builtin").asString(), engine.path("slot").asBoolean(true));
    }
    if (engine.has("slot")) {
      throw bad("/engine/slot", "Only a built-in engine has a slot: set \"limits.at_once\".");
    }
    if (engine.has("chat")) {
      if (!engine.has("model")) {
        throw bad("/engine", "Set \"engine/model\": the model that the chat server is asked for.");
      }
      var address = address(engine, "chat");
      if (address.getRawQuery() != null) {
        throw bad("/engine/chat", "Leave the query out: /chat/completions follows the address.");
      }
      return new Engine.Chat(
          address,
          engine.required("model").asString(),
          text(engine, "secret"),
          text(engine, "system"));
    }
    return new Engine.Http(address(engine, "http"), text(engine, "secret"), text(json, "audience"));
  }

  private static @Nullable String text(JsonNode object, String property) {
    return object.has(property) ? object.required(property).asString() : null;
  }

  private URI address(JsonNode engine, String property) {
    var text = engine.required(property).asString();
    try {
      var address = new URI(text);
      if (address.getHost() != null
          && address.getPort() != 0
          && address.getPort() <= 65_535
          // Other characters are written as %XX: each library would write them differently.
          && text.matches("[!#-&(-;=?-~]+")
          && address.getRawUserInfo() == null
          && address.getRawFragment() == null
          && List.of("http", "https").contains(address.getScheme())) {
        return address;
      }
    } catch (URISyntaxException malformed) {
      // Reported below, like any other address that cannot be called.
    }
    throw bad(
        "/engine/" + property,
        "Write the address as https://HOST/PATH, or http:// for a loopback or private address, in"
            + " ASCII, without user and fragment.");
  }

  private Run run(Engine engine) {
    if (json.required("run").asString().equals("quick")) {
      if (json.has("charge_on_cancel")) {
        throw bad("/charge_on_cancel", "Only a long operation can be cancelled while it runs.");
      }
      return new Run.Quick();
    }
    if (engine instanceof Engine.Builtin) {
      throw bad("/run", "Write \"run: quick\": only engines called by HTTP can run long.");
    }
    return new Run.LongRun(!json.path("charge_on_cancel").asString("").equals("nothing"));
  }

  private Limits limits(JsonNode limits, Engine engine, Run run) {
    var isLong = run instanceof Run.LongRun;
    if (engine instanceof Engine.Builtin) {
      for (var name : List.of("at_once", "at_once_per_user", "silence", "start_within")) {
        if (limits.has(name)) {
          throw bad("/limits/" + name, "This limit is for engines called by HTTP: remove it.");
        }
      }
    }
    var input = Sizes.bytes(limits.path("input").asString("448KiB"));
    var runWithin = Sizes.duration(limits.path("run_within").asString(isLong ? "1h" : "20s"));
    var output = limits.path("output");
    var result =
        output.isMissingNode() ? Limits.LARGEST_QUICK_OUTPUT : Sizes.bytes(output.asString());
    if (input < 1 || input > Limits.LARGEST_INPUT) {
      throw bad("/limits/input", "Choose at most 448KiB.");
    }
    if (result < 1 || result > Limits.LARGEST_QUICK_OUTPUT) {
      throw bad("/limits/output", "Choose less than 4MiB.");
    }
    if (runWithin.isZero()
        || runWithin.compareTo(isLong ? Limits.LONGEST_RUN : CallLimits.QUICK_RUN) > 0) {
      throw bad(
          "/limits/run_within",
          isLong
              ? "Choose at most 24h."
              : "Choose at most 20s, or write \"run: long\": a quick operation answers in the call.");
    }
    var startWithin = Sizes.duration(limits.path("start_within").asString("1h"));
    var silence = Sizes.duration(limits.path("silence").asString(isLong ? "60s" : "20s"));
    if (startWithin.isZero() || startWithin.compareTo(LONGEST_WAIT) > 0) {
      throw bad("/limits/start_within", "Choose at most 168h.");
    }
    if (silence.isZero()) {
      throw bad("/limits/silence", "Choose more than nothing.");
    }
    var atOnce = limits.path("at_once").asInt(Limits.DEFAULT_AT_ONCE);
    var atOncePerUser = limits.path("at_once_per_user").asInt(Math.max(1, atOnce / 4));
    if (atOnce > (isLong ? Limits.MOST_RUNS_AT_ONCE : Limits.MOST_AT_ONCE)) {
      throw bad(
          "/limits/at_once",
          "Choose at most 64 for \"at_once\": each job of a quick operation occupies a worker.");
    }
    if (atOncePerUser > atOnce) {
      throw bad("/limits/at_once_per_user", "Choose at most \"at_once\".");
    }
    return new Limits(
        runWithin,
        startWithin,
        silence,
        limits.path("attempts").asInt(Limits.MOST_ATTEMPTS),
        atOnce,
        atOncePerUser,
        input,
        Math.min(input, Sizes.bytes(limits.path("text").asString(MAX_TEXT))),
        result);
  }

  private Units units(JsonNode units, InputSchema input, Engine engine) {
    var name = units.required("name").asString();
    if (units.has("fixed")) {
      return new Units.Fixed(name, units.required("fixed").asLong());
    }
    if (units.has("metered")) {
      if (engine instanceof Engine.Builtin) {
        throw bad(
            "/units/metered", "A built-in engine reports no units: use \"fixed\" or \"per\".");
      }
      return new Units.Metered(name, amount(units.at("/metered/max"), "/units/metered/max", input));
    }
    var of = new ArrayList<String>();
    for (var property : units.path("of").isArray() ? units.path("of") : List.of(units.path("of"))) {
      if (property.isMissingNode()) {
        continue;
      }
      of.add(property(property.asString(), "/units/of", input));
    }
    return new Units.Per(
        name,
        Units.Measure.valueOf(units.required("per").asString().toUpperCase(Locale.ROOT)),
        List.copyOf(of),
        units.path("every").asLong(1));
  }

  private Units.Amount amount(JsonNode amount, String at, InputSchema input) {
    if (amount.isNumber()) {
      return new Units.Amount.Constant(amount.asLong());
    }
    var term = amount.properties().iterator().next();
    var value = term.getValue();
    var place = at + "/" + term.getKey();
    return switch (term.getKey()) {
      case "plus" -> new Units.Amount.Plus(amounts(value, place, input));
      case "times" -> new Units.Amount.Times(amounts(value, place, input));
      case "field" -> field(property(value.asString(), place, input), place, input);
      default ->
          new Units.Amount.Size(
              Units.Measure.valueOf(term.getKey().toUpperCase(Locale.ROOT)),
              property(value.asString(), place, input));
    };
  }

  private List<Units.Amount> amounts(JsonNode list, String at, InputSchema input) {
    var amounts = new ArrayList<Units.Amount>();
    for (var one : list) {
      amounts.add(amount(one, at + "/" + amounts.size(), input));
    }
    return List.copyOf(amounts);
  }

  /** Returns the value of a property, which must have one in every input. */
  private Units.Amount field(String property, String at, InputSchema input) {
    var schema = input.json().path("properties").path(property);
    var isRequired =
        input
            .json()
            .path("required")
            .valueStream()
            .anyMatch(name -> name.asString("").equals(property));
    var type = schema.path("type").asString("");
    if (!List.of("integer", "number").contains(type)
        || !(isRequired || schema.path("default").isNumber())) {
      throw bad(
          at,
          "The property \"%s\" must be a number, and be required or have a default."
              .formatted(property));
    }
    return new Units.Amount.Field(property, schema.path("default").asLong(0));
  }

  private String property(String name, String at, InputSchema input) {
    if (!input.json().path("properties").has(name)) {
      throw bad(at, "The input has no property \"" + name + "\".");
    }
    return name;
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
