package dev.behalf.cli.api;

import tools.jackson.databind.JsonNode;

/** The units of one month in one environment; those held are for jobs under way. */
public record Month(
    String environment, String period, long used, long held, long limit, long left) {

  public static Month of(JsonNode json) {
    return new Month(
        json.required("environment").asString(),
        json.required("period").asString(),
        json.required("used").asLong(),
        json.path("held").asLong(0), // absent in an earlier server
        json.required("limit").asLong(),
        json.required("left").asLong());
  }
}
