package dev.behalf.client;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** What a platform says about a user. What is left out stays as it is. */
public final class UserProperties {

  private final ObjectNode body = Json.object();

  /** At most 200 characters, for people. */
  public UserProperties name(String name) {
    body.put("name", name);
    return this;
  }

  /** At most 200 characters, for people: it links no accounts. */
  public UserProperties email(String email) {
    body.put("email", email);
    return this;
  }

  /**
   * Units a month, from this month on.
   *
   * @param environment {@code live} or {@code test}
   */
  public UserProperties quota(String environment, long units) {
    body.withObject("quota").put(environment, units);
    return this;
  }

  /** Names that definitions of operations ask for. */
  public UserProperties permissions(List<String> names) {
    body.set("permissions", Json.MAPPER.valueToTree(names));
    return this;
  }

  /** At most 1,024 bytes as JSON. */
  public UserProperties metadata(Map<String, String> metadata) {
    body.set("metadata", Json.MAPPER.valueToTree(metadata));
    return this;
  }

  ObjectNode body() {
    return body;
  }
}
