package dev.behalf.client;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** The units of this month. */
public record Usage(List<Month> months, JsonNode json) {

  /**
   * The units of one month in one environment.
   *
   * @param held what jobs under way may still cost
   */
  public record Month(
      String environment, String period, long used, long held, long limit, long left) {}

  static Usage of(JsonNode json) {
    return new Usage(json.required("usage").valueStream().map(Usage::month).toList(), json);
  }

  private static Month month(JsonNode json) {
    return new Month(
        json.required("environment").asString(),
        json.required("period").asString(),
        json.required("used").asLong(),
        json.path("held").asLong(0), // absent in an earlier server
        json.required("limit").asLong(),
        json.required("left").asLong());
  }
}
