package dev.behalf.client.test;

import tools.jackson.databind.json.JsonMapper;

/** The JSON of the fake. */
final class FakeJson {

  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private FakeJson() {}
}
