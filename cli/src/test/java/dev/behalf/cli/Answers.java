package dev.behalf.cli;

import java.util.List;

/** As the API gives them: the end-to-end test says that it does. */
final class Answers {

  static final String ID = "0190a5c8-0000-7000-8000-000000000001";
  static final List<String> WAY =
      List.of("submitted", "dispatched", "taken", "key_found", "answered", "settled");

  static final String ME =
      """
      {"user_id":"0190a5c8-0000-7000-8000-0000000000aa","credential":"key 000000000000","environment":"test","scopes":["jobs:read","jobs:write"]}
      """;

  private Answers() {}

  /** A job that has passed that many stations, 27 ms from one to the next. */
  static String job(String state, int stations, String more) {
    return job(ID, state, "Where is my parcel?", WAY.subList(0, stations), more);
  }

  static String job(String id, String state, String text, List<String> way, String more) {
    var hops = new StringBuilder();
    for (int i = 0; i < way.size(); i++) {
      hops.append(i == 0 ? "" : ",")
          .append(
              "{\"station\":\"%s\",\"at\":\"2026-11-24T10:00:00.%03dZ\"}"
                  .formatted(way.get(i), 100 + 27 * i));
    }
    return """
    {"id":"%s","environment":"test","state":"%s","payload":{"operation":"classify","text":"%s","labels":["a","b"]},\
    "priority":"normal","not_before":"2026-11-24T10:00:00.1Z","attempt":1,"hops":[%s],"created_at":"2026-11-24T10:00:00.100Z"%s}\
    """
        .formatted(id, state, text, hops, more);
  }

  static String succeeded() {
    return job(
        "succeeded",
        6,
        ",\"units\":7,\"result\":{\"label\":\"a\",\"scores\":[]},\"finished_at\":\"2026-11-24T10:00:00.300Z\"");
  }

  static String failed() {
    return job(
        "failed",
        6,
        ",\"code\":\"quota_exceeded\",\"detail\":\"Wait for the next month.\",\"finished_at\":\"2026-11-24T10:00:00.300Z\"");
  }

  static String key(String id, String name, String state) {
    return """
    {"id":"%s","name":"%s","kind":"personal","environment":"test","state":"%s","scopes":["jobs:read"],"networks":[],\
    "created_by":"session","created_at":"2026-11-24T10:00:00Z","last_used":{"at":"2026-11-24T09:00:00Z","address":"127.0.0.1","user_agent":"curl"}}\
    """
        .formatted(id, name, state);
  }
}
