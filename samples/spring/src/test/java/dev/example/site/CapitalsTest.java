package dev.example.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** The engine, called through HTTP as Behalf calls it. */
class CapitalsTest extends SiteTest {

  @Test
  void a_call_that_is_not_signed_is_refused() {
    assertThat(call("{\"text\":\"hello\"}").statusCode()).isEqualTo(401);
  }

  @Test
  void its_definition_is_written_for_behalf() throws Exception {
    assertThat(Files.readString(Path.of("target/operations/capitals.yaml")))
        .contains("name: capitals", "run: long", "maxLength: 2000", "secret: engines")
        .contains("http: " + site + "/behalf/engines/capitals");
  }

  @Nested
  @TestPropertySource(properties = "behalf.engine.unsigned=true")
  class Unsigned {

    @Test
    void the_answer_comes_word_by_word() {
      var lines = call("{\"text\":\"Hello there\"}").body().lines().toList();

      assertThat(lines)
          .contains("{\"output\":{\"delta\":\"HELLO \"}}", "{\"output\":{\"delta\":\"THERE\"}}")
          .contains("{\"usage\":{\"units\":2}}");
      assertThat(lines.getLast()).contains("{\"text\":\"HELLO THERE\"}").contains("\"units\":2");
    }

    @Test
    void an_input_of_another_form_is_refused() {
      assertThat(call("{\"words\":1}").statusCode()).isEqualTo(422);
    }
  }

  HttpResponse<String> call(String input) {
    var request =
        HttpRequest.newBuilder(URI.create(site + "/behalf/engines/capitals"))
            .header("Content-Type", "application/json")
            .header("Behalf-Protocol", "1")
            .header("Behalf-Job", UUID.randomUUID().toString())
            .header("Behalf-Run", UUID.randomUUID().toString())
            .header("Behalf-User", UUID.randomUUID().toString())
            .header("Behalf-Environment", "test")
            .header("Behalf-Operation", "capitals@1")
            .header("Behalf-Attempt", "1")
            .header("Behalf-Max-Units", "11")
            .header("Behalf-Deadline", Instant.now().plusSeconds(60).toString())
            .POST(BodyPublishers.ofString(input));
    return new Browser(site).send(request);
  }
}
