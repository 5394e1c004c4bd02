package dev.behalf.web.webhooks;

/** An endpoint with its secret, which cannot be retrieved again. */
public record Issued(Endpoint endpoint, String secret) {
  @Override
  public String toString() {
    return endpoint.id().toString();
  }
}
