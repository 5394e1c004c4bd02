package dev.behalf.web.site.pages;

import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.security.UserPrincipal;
import dev.behalf.web.site.preferences.Durations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;

/** The site's root address: what Behalf is, shown by the recording of a real job. */
@Controller
class FrontPage {

  private final RecordedJob recorded = RecordedJob.read();

  /**
   * A job as it was recorded in a test, which also compares its fields with those of today's jobs.
   *
   * @param message the body of the broker's message, unchanged
   * @param result the result, unchanged
   */
  record RecordedJob(
      String account, JsonNode message, List<Hop> hops, long units, JsonNode result) {

    static RecordedJob read() {
      try (var file = new ClassPathResource("front/job.json").getInputStream()) {
        return StrictJson.MAPPER.readValue(file.readAllBytes(), RecordedJob.class);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public String prettyMessage() {
      return StrictJson.MAPPER
          .writer()
          .with(SerializationFeature.INDENT_OUTPUT)
          .writeValueAsString(message);
    }

    public String resultText() {
      return result.toString();
    }

    public String userId() {
      return message.required("user_id").asString();
    }

    /** Returns a key as it is shown: no key is recorded. */
    public String key() {
      return "bh_live_••••••••";
    }

    public String header() {
      return "Authorization: Api-Key " + key();
    }

    public String keyLookup() {
      return time(Station.VERIFIED, Station.KEY_FOUND);
    }

    public String total() {
      return time(Station.SUBMITTED, Station.SETTLED);
    }

    private String time(Station from, Station to) {
      return Durations.precise(Duration.between(at(from).at(), at(to).at()));
    }

    private Hop at(Station station) {
      return hops.stream().filter(hop -> hop.station() == station).findFirst().orElseThrow();
    }
  }

  /** Shows visitors the front page, and sends users with a session to their home page. */
  @GetMapping("/")
  String front(@AuthenticationPrincipal @Nullable UserPrincipal user, Model model) {
    if (user != null) {
      return "redirect:/home";
    }
    model.addAttribute("recorded", recorded);
    return "front";
  }
}
