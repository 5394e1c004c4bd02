package dev.behalf.web.webhooks;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** The requested properties of a new or changed endpoint. */
record NewEndpoint(Environment environment, String url, Set<EventType> events, String description) {

  private static final Pattern DESCRIPTION = Pattern.compile("\\P{Cntrl}{0,200}");

  /**
   * Validates the properties and returns them with the URL as it will be called.
   *
   * @throws Problem about the first invalid property
   */
  NewEndpoint checked(Destinations destinations) {
    if (events.isEmpty() || events.stream().anyMatch(Objects::isNull)) {
      throw fault("events", "Choose at least one event.");
    }
    if (!DESCRIPTION.matcher(description).matches()) {
      throw fault("description", "Describe it in at most 200 characters, on one line.");
    }
    return new NewEndpoint(environment, destinations.register(url), events, description);
  }

  String[] words() {
    return events.stream().sorted().map(EventType::wire).toArray(String[]::new);
  }

  static Problem fault(String field, String sentence) {
    return new Problem(ProblemCode.PAYLOAD_INVALID, sentence).about(field);
  }
}
