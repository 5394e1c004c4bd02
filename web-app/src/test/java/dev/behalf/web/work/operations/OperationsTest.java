package dev.behalf.web.work.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.Person;
import dev.behalf.testkit.TestDefinitions;
import dev.behalf.web.Api;
import dev.behalf.web.WebAppTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** A definition, and nothing else, makes an operation of the installation. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationsTest extends WebAppTest {

  private static Path folder() {
    try {
      var folder = Files.createTempDirectory("behalf-operations");
      Files.writeString(folder.resolve("poem.yaml"), POEM.replace("NAME", "poem"));
      Files.writeString(folder.resolve("broken.yaml"), "name: broken\n");
      Files.writeString(folder.resolve(".hidden.yaml"), POEM.replace("NAME", "hidden"));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final String POEM =
      """
      name: NAME
      title: {en: Write a poem, zh-CN: 写一首诗}
      description: {en: About anything.}
      input:
        type: object
        required: [about, form]
        additionalProperties: false
        properties:
          about: {type: string, minLength: 1, maxLength: 100, title: About what, x-i18n: {zh-CN: {title: 写什么}}}
          form: {enum: [haiku, ode], title: Form}
          lines: {type: integer, minimum: 1, maximum: 99, default: 3}
          warmth: {type: number, minimum: 0, maximum: 1}
          rhymed: {type: boolean, title: Rhymed}
          words: {type: array, items: {type: string}, maxItems: 3}
          moods: {type: object, additionalProperties: {type: array, items: {type: string}}}
          author:
            type: object
            title: Author
            required: [name]
            properties: {name: {type: string, maxLength: 50}, 年龄: {type: integer}}
      examples:
        - title: {en: Autumn}
          input: {about: autumn leaves, form: haiku}
      units: {name: verse, fixed: 7}
      run: quick
      engine: {builtin: echo}
      """;

  private static final Path FOLDER = folder();

  private Person ada;

  @DynamicPropertySource
  static void operations(DynamicPropertyRegistry registry) {
    registry.add("behalf.operations.folder", FOLDER::toString);
  }

  /** Leaves the database, which other tests use, with the shipped operations alone. */
  @AfterAll
  void remove() throws Exception {
    for (var file : List.of("poem.yaml", "broken.yaml", "watched.yml")) {
      Files.deleteIfExists(FOLDER.resolve(file));
    }
    sql(
        """
        delete from jobs.operation_versions where name not in
          (select name from jobs.operation_versions where applied_by = 'behalf');
        delete from jobs.operations o where not exists (select from jobs.operation_versions v where v.name = o.name);
        select pg_notify('behalf_operations', '')
        """);
    // The other servers of these tests hear of it when this one does.
    var anybody = signUp();
    await().until(() -> anybody.page("/api/v1/operations/poem").statusCode() == 404);
  }

  @BeforeEach
  void signedUp() throws Exception {
    ada = signUp();
  }

  @Test
  void what_a_user_may_run_is_listed_with_its_schema_price_and_examples() throws Exception {
    var listed = json(ada.page("/api/v1/operations")).required("operations");
    var poem = json(ada.page("/api/v1/operations/poem"));

    assertThat(listed.valueStream().map(one -> one.required("name").asString()))
        .contains("classify", "echo", "poem")
        .doesNotContain("broken", "hidden")
        .isSorted();
    assertThat(poem.at("/title/zh-CN").asString()).isEqualTo("写一首诗");
    assertThat(poem.at("/units/fixed").asInt()).isEqualTo(7);
    assertThat(poem.at("/input/properties/form/enum").size()).isEqualTo(2);
    assertThat(poem.at("/examples/0/input/about").asString()).isEqualTo("autumn leaves");
    assertThat(ada.page("/api/v1/operations/none").statusCode()).isEqualTo(404);
  }

  @Test
  void a_job_is_pinned_to_the_version_with_which_it_was_submitted() throws Exception {
    apply("pinned", "");
    var before = submit("pinned", "{\"about\":\"a\",\"form\":\"ode\"}");
    apply("pinned", "lines: {type: integer, minimum: 10}");
    var after = submit("pinned", "{\"about\":\"a\",\"form\":\"ode\",\"lines\":10}");

    assertThat(ada.job(before).required("operation_version").asInt()).isEqualTo(1);
    assertThat(ada.job(after).required("operation_version").asInt()).isEqualTo(2);
    assertThat(post("pinned", "{\"about\":\"a\",\"form\":\"ode\",\"lines\":3}").statusCode())
        .isEqualTo(422);
  }

  @Test
  void the_same_content_makes_no_version_and_a_changed_file_makes_one_within_seconds()
      throws Exception {
    var file = FOLDER.resolve("watched.yml");
    Files.writeString(file, POEM.replace("NAME", "watched"));
    await().until(() -> versions("watched") == 1);

    Files.writeString(file, "# a comment\n" + POEM.replace("NAME", "watched"));
    await().during(java.time.Duration.ofSeconds(3)).until(() -> versions("watched") == 1);
    Files.writeString(file, POEM.replace("NAME", "watched").replace("fixed: 7", "fixed: 8"));

    await().until(() -> versions("watched") == 2);
    await()
        .until(() -> json(ada.page("/api/v1/operations/watched")).at("/units/fixed").asInt() == 8);
  }

  @Test
  void each_broken_rule_of_an_input_is_told_with_its_pointer() throws Exception {
    var answer =
        json(
            post(
                "poem",
                "{\"about\":\"\",\"form\":\"novel\",\"lines\":0,\"words\":[\"a\",7],\"author\":{\"年龄\":\"x\"},\"x\":1}"));

    assertThat(answer.required("errors").valueStream().map(e -> e.required("pointer").asString()))
        .containsExactlyInAnyOrder(
            "/about", "/form", "/lines", "/words/1", "/author/name", "/author/年龄", "/x");
  }

  @Test
  void the_form_has_a_field_of_its_kind_for_each_property() throws Exception {
    var page = ada.page("/jobs/new?operation=poem").body();

    assertThat(page)
        .contains("About what", "name=\"/about\"", "value=\"autumn leaves\"")
        .contains("<select id=\"in-form\" name=\"/form\"", "<option value=\"haiku\" selected")
        .contains("type=\"number\" id=\"in-lines\"", "max=\"99\"", "step=\"any\"")
        .contains("type=\"checkbox\" value=\"true\" id=\"in-rhymed\"")
        .contains("<textarea id=\"in-words\"", "<textarea id=\"in-moods\"")
        .contains("<legend>Author</legend>", "name=\"/author/name\"", "name=\"/author/年龄\"");
    ada.form("/settings/look", Map.of("theme", "system", "language", "zh-CN", "time_zone", "UTC"));
    assertThat(ada.page("/jobs/new?operation=poem").body()).contains("写什么");
  }

  @Test
  void what_is_typed_into_the_form_becomes_the_input() throws Exception {
    var answer =
        ada.form(
            "/jobs",
            Map.of(
                "operation", "poem",
                "request_id", "1",
                "/about", "rain",
                "/form", "ode",
                "/lines", "4",
                "/rhymed", "true",
                "/words", "wet\r\n\r\n grey ",
                "/moods", "sad: drip\nsad: drop",
                "/author/name", "Ada"));

    assertThat(answer.uri().getPath()).startsWith("/jobs/");
    assertThat(
            StrictJson.MAPPER.readTree(
                text("select payload from jobs.jobs where user_id = '" + userId(ada) + "'")))
        .isEqualTo(
            StrictJson.MAPPER.readTree(
                """
                {"operation":"poem","about":"rain","form":"ode","lines":4,"rhymed":true,
                 "words":["wet","grey"],"moods":{"sad":["drip","drop"]},"author":{"name":"Ada"}}
                """));
  }

  @Test
  void a_wrong_form_shows_each_fault_at_its_field_and_keeps_what_was_typed() throws Exception {
    var answer =
        ada.form(
            "/jobs",
            Map.of(
                "operation",
                "poem",
                "/about",
                "kept",
                "/form",
                "",
                "/lines",
                "many",
                "/author/年龄",
                "12"));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains("id=\"in-form-fault\"", "Fill this in.")
        .contains("id=\"in-lines-fault\"", "It must be of type integer.")
        .contains("id=\"in-author-name-fault\"")
        .contains("value=\"kept\"");
    assertThat(ada.jobs()).isEmpty();
  }

  @Test
  void a_strange_schema_breaks_no_page() throws Exception {
    apply(
        POEM.replace("NAME", "strange")
            .replace(
                "lines: {type: integer, minimum: 1, maximum: 99, default: 3}",
                """
                lines: true
                    'a b/~"<': {type: [string, 'null'], default: {a: 1}}
                    list: {type: array, items: {type: string}, default: [[1], {b: 2}]}
                    lists: {type: object, additionalProperties: {type: array, items: {type: string}}, default: 5}
                    one: {enum: [{a: 1}, [2]], title: '${7*7} __${7*7}__ [[x]]'}
                    two: {enum: [null, 1.5, ''], x-i18n: 7}
                    ref: {$ref: '#/$defs/n'}\
                """)
            .replace(
                "  properties:\n    about",
                "  $defs: {n: {type: integer}}\n  properties:\n    about"));

    for (var page :
        List.of(
            "/jobs/new?operation=strange",
            "/docs/operations/strange",
            "/home?operation=strange",
            "/batches/new")) {
      assertThat(ada.page(page).statusCode()).as(page).isEqualTo(200);
    }
    assertThat(ada.page("/jobs/new?operation=strange").body()).contains("${7*7} __${7*7}__ [[x]]");
    assertThat(
            ada.form(
                    "/jobs",
                    Map.of("operation", "strange", "/about", "x", "/form", "ode", "/one", "{"))
                .statusCode())
        .isEqualTo(422);
  }

  @Test
  void an_operation_with_a_permission_is_unknown_to_those_without_it() throws Exception {
    apply("secret", "", "users: poets");
    var olga = operator(signUp());

    assertThat(ada.page("/api/v1/operations/secret").statusCode()).isEqualTo(404);
    assertThat(ada.page("/docs/operations/secret").statusCode()).isEqualTo(404);
    assertThat(ada.page("/jobs/new").body()).doesNotContain("secret");
    assertThat(
            json(post("secret", "{\"about\":\"a\",\"form\":\"ode\"}")).required("code").asString())
        .isEqualTo("operation_unknown");

    olga.form(
        "/ops/accounts/" + userId(ada) + "/permissions", Map.of("permissions", " poets  gpu "));

    assertThat(ada.page("/api/v1/operations/secret").statusCode()).isEqualTo(200);
    assertThat(ada.page("/docs/operations/secret").statusCode()).isEqualTo(200);
    submit("secret", "{\"about\":\"a\",\"form\":\"ode\"}");
    assertThat(
            olga.form(
                    "/ops/accounts/" + userId(ada) + "/permissions", Map.of("permissions", "Gpu!"))
                .statusCode())
        .isEqualTo(422);
  }

  @Test
  void operators_apply_and_retire_and_the_audit_log_says_so() throws Exception {
    var olga = operator(signUp());
    var yaml = POEM.replace("NAME", "console").replace("\n", "\r\n");

    var applied = olga.form("/ops/operations", Map.of("definition", yaml));
    var wrong =
        olga.form("/ops/operations", Map.of("definition", yaml.replace("run: quick", "run: slow")));

    assertThat(applied.uri().getPath()).isEqualTo("/ops/operations/console");
    assertThat(applied.body()).contains("version 1", "Write a poem");
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(wrong.body()).contains("line 25: &quot;run&quot; is wrong", "run: slow");
    assertThat(ada.form("/ops/operations", Map.of("definition", yaml)).statusCode()).isEqualTo(404);
    await().until(() -> ada.page("/api/v1/operations/console").statusCode() == 200);

    olga.form("/ops/operations/console/retirement", Map.of());

    await().until(() -> ada.page("/api/v1/operations/console").statusCode() == 404);
    assertThat(olga.page("/ops/operations").body()).contains("retired");
    assertThat(
            text(
                "select string_agg(action, ' ' order by id) from ops.audit_log where about = 'console'"))
        .isEqualTo("operation.applied operation.retired");
  }

  @Test
  void a_release_does_not_replace_what_an_operator_has_applied_or_retired() throws Exception {
    var yaml = shipped("similarity");
    apply(yaml.replace("name: token", "name: word"));

    assertThat(automatic(yaml)).isEqualTo(2);
    assertThat(text("select version::text from jobs.operations where name = 'similarity'"))
        .isEqualTo("2");
    sql("select jobs.retire_operation('embed')");
    automatic(shipped("embed"));
    assertThat(
            number(
                "select count(*) from jobs.operations where name = 'embed' and retired_at is not null"))
        .isEqualTo(1);
    // Back for the other tests of this database.
    apply(yaml);
    apply(shipped("embed"));
  }

  @Test
  void a_definition_of_a_newer_release_keeps_no_other_from_being_read() throws Exception {
    sql(
        "select jobs.apply_operation('newer', '{\"name\":\"newer\",\"run\":\"beyond\"}', '', 'x', 'test')");

    apply("after-newer", "");

    assertThat(ada.page("/api/v1/operations/newer").statusCode()).isEqualTo(404);
    assertThat(ada.page("/api/v1/operations/after-newer").statusCode()).isEqualTo(200);
    sql("delete from jobs.operation_versions where name = 'newer'");
    sql("delete from jobs.operations where name = 'newer'");
  }

  @Test
  void strangers_read_the_docs_of_what_everybody_may_run() throws Exception {
    apply("hidden-docs", "", "users: poets");
    var nobody = new Api(site(), "");

    assertThat(nobody.get("/docs/operations").body())
        .contains("poem")
        .doesNotContain("hidden-docs");
    assertThat(nobody.get("/docs/operations/poem").statusCode()).isEqualTo(200);
    assertThat(nobody.get("/docs/operations/hidden-docs").statusCode()).isEqualTo(404);
  }

  @Test
  void the_docs_of_an_operation_come_from_its_definition() throws Exception {
    assertThat(ada.page("/docs/operations").body()).contains("Write a poem");
    assertThat(ada.page("/docs/operations/poem").body())
        .contains("1 job: 7 verse", "autumn leaves", "integer, minimum 1, maximum 99, default 3")
        .contains("./behalf submit poem --about &#39;autumn leaves&#39; --form haiku --watch");
    assertThat(
            json(ada.page("/api/v1/openapi.json"))
                .at("/components/schemas/PoemPayload/required")
                .toString())
        .isEqualTo("[\"operation\",\"about\",\"form\"]");
    assertThat(ada.page("/batches/new").body()).contains("operation,", "{&quot;operation&quot;:");
  }

  private JsonNode json(HttpResponse<String> answer) {
    return Api.json(answer);
  }

  private HttpResponse<String> post(String operation, String input) throws Exception {
    var payload = "{\"operation\":\"" + operation + "\"," + input.substring(1);
    return ada.post(
        "/api/v1/jobs", ("{\"payload\":" + payload + "}").getBytes(StandardCharsets.UTF_8));
  }

  private java.util.UUID submit(String operation, String input) throws Exception {
    var answer = post(operation, input);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return java.util.UUID.fromString(json(answer).required("id").asString());
  }

  /** Applies the poem under a name, with another property in place of its lines. */
  private void apply(String name, String lines, String... more) throws Exception {
    var yaml = POEM.replace("NAME", name) + String.join("\n", more);
    apply(
        lines.isEmpty()
            ? yaml
            : yaml.replace("lines: {type: integer, minimum: 1, maximum: 99, default: 3}", lines));
  }

  private static final List<String> BY_HAND = List.of("test");

  private void apply(String yaml) throws Exception {
    var definition = dev.behalf.operation.Definitions.read(yaml);
    var version = by(yaml, BY_HAND.getFirst());
    await()
        .until(
            () -> {
              var shown = ada.page("/api/v1/operations/" + definition.name());
              return definition.permission() != null
                  || (shown.statusCode() == 200
                      && json(shown).required("version").asInt() == version);
            });
  }

  private static int automatic(String yaml) throws Exception {
    return by(yaml, Operations.SHIPPED);
  }

  private static int by(String yaml, String who) throws Exception {
    try (var connection = DATABASE.connect(DATABASE.roles().web())) {
      return TestDefinitions.apply(connection, yaml, who);
    }
  }

  private static String shipped(String name) throws Exception {
    return Files.readString(
        Path.of("../compute-server/src/main/resources/operations/" + name + ".yaml"));
  }

  private static long versions(String name) {
    return number("select count(*) from jobs.operation_versions where name = '" + name + "'");
  }
}
