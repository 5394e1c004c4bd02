package dev.behalf.web.work.operations;

import dev.behalf.contract.InputKind;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import dev.behalf.operation.Units;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.UserPrincipal;
import dev.behalf.web.identity.apikeys.Snippets;
import dev.behalf.web.site.pages.Site;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;

/** The documentation of the operations, made from their definitions. */
@Controller
@RequestMapping("/docs/operations")
class OperationDocsPage {

  private final Operations operations;
  private final Snippets snippets;
  private final Site site;

  OperationDocsPage(Operations operations, Snippets snippets, Site site) {
    this.operations = operations;
    this.snippets = snippets;
    this.site = site;
  }

  /** An operation in the list. */
  record Entry(String name, String title) {}

  /**
   * A property of an input or a result.
   *
   * @param type the type and the bounds as the schema gives them
   */
  record Property(String name, String type, String meaning, boolean required) {}

  /** An example as JSON. */
  record Sample(String title, String json) {}

  @GetMapping
  String list(@AuthenticationPrincipal @Nullable UserPrincipal reader, Locale locale, Model model) {
    var offered = reader == null ? operations.ofEverybody() : operations.of(reader.userId());
    model.addAttribute(
        "operations",
        offered.stream()
            .map(one -> new Entry(one.name(), one.definition().title().in(locale)))
            .toList());
    return "operations";
  }

  @GetMapping("/{name}")
  String page(
      @AuthenticationPrincipal @Nullable UserPrincipal reader,
      @PathVariable String name,
      HttpServletRequest request,
      Locale locale,
      Model model) {
    var operation = find(reader, name);
    var definition = operation.definition();
    var schema = definition.input().json();
    var output = definition.output();
    model.addAttribute("name", name);
    model.addAttribute("version", operation.version());
    model.addAttribute("what", definition.title().in(locale));
    model.addAttribute("description", definition.description().in(locale));
    model.addAttribute("price", definition.units());
    model.addAttribute("of", definition.units() instanceof Units.Per per ? per.of() : List.of());
    model.addAttribute("limits", definition.limits());
    model.addAttribute("retentionHours", definition.retentionHours());
    model.addAttribute("input", properties(schema, locale));
    model.addAttribute("schema", pretty(schema));
    model.addAttribute("output", output == null ? List.of() : properties(output.json(), locale));
    model.addAttribute(
        "samples",
        definition.examples().stream()
            .map(
                one ->
                    new Sample(
                        one.title().in(locale), pretty(JobPayload.of(name, one.input()).json())))
            .toList());
    if (!definition.examples().isEmpty()) {
      model.addAttribute(
          "snippets",
          snippets.call(site.address(request), Snippets.NO_KEY, FirstJob.example(definition)));
    }
    return "operation";
  }

  private Operation find(@Nullable UserPrincipal reader, String name) {
    return (reader == null
            ? operations.ofEverybody().stream().filter(one -> one.name().equals(name)).findFirst()
            : operations.find(reader.userId(), name))
        .orElseThrow(Problem::notFound);
  }

  private static List<Property> properties(JsonNode schema, Locale locale) {
    return InputField.of(schema, schema, "", java.util.Map.of(), List.of(), locale).stream()
        .map(
            field -> {
              var name = field.pointer().substring(1);
              var of = InputKind.resolved(schema, schema.path("properties").path(name));
              var meaning =
                  field.hint().isEmpty() && !field.label().equals(name)
                      ? field.label()
                      : field.hint();
              return new Property(name, type(of), meaning, field.required());
            })
        .toList();
  }

  /** Returns the type with the bounds that a reader looks for, such as {@code integer, 1–20}. */
  private static String type(JsonNode schema) {
    var type = new StringBuilder(schema.has("type") ? InputKind.text(schema.path("type")) : "any");
    if (schema.path("items").path("type").isString()) {
      type.append(" of ").append(schema.path("items").path("type").asString());
    }
    for (var bound :
        List.of(
            "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "default")) {
      if (schema.has(bound)) {
        type.append(", ").append(bound).append(' ').append(InputKind.text(schema.path(bound)));
      }
    }
    if (schema.path("enum").isArray()) {
      type.append(": ").append(schema.path("enum").toString());
    }
    return type.toString();
  }

  private static String pretty(JsonNode json) {
    return StrictJson.MAPPER
        .writer()
        .with(SerializationFeature.INDENT_OUTPUT)
        .writeValueAsString(json);
  }
}
