package dev.behalf.cli.api;

import tools.jackson.databind.JsonNode;

/** The units used and left in one month of one environment. */
public record Month(String environment, String period, long used, long limit, long left) {

  public static Month of(JsonNode json) {
    return new Month(
        json.required("environment").asString(),
        json.required("period").asString(),
        json.required("used").asLong(),
        json.required("limit").asLong(),
        json.required("left").asLong());
  }
}
