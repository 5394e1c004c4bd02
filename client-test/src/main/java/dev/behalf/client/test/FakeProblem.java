package dev.behalf.client.test;

/** A refusal (RFC 9457), thrown by whoever answers a request. */
final class FakeProblem extends RuntimeException {

  final int status;
  final String code;

  FakeProblem(int status, String code, String detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }

  static FakeProblem notFound() {
    return new FakeProblem(404, "not_found", "There is nothing here.");
  }

  static FakeProblem invalid(String detail) {
    return new FakeProblem(422, "payload_invalid", detail);
  }

  String body() {
    return FakeJson.MAPPER
        .createObjectNode()
        .put("type", "/docs/problems/" + code)
        .put("title", code)
        .put("status", status)
        .put("detail", getMessage())
        .put("code", code)
        .put("trace_id", "00000000000000000000000000000000")
        .toString();
  }
}
