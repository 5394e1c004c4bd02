package dev.behalf.client;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A key to be issued: it can do no more than the credential that issues it. */
public final class KeyRequest {

  private final String name;
  private final List<String> scopes;
  private final List<String> networks = new ArrayList<>();
  private @Nullable String environment;
  private @Nullable Instant expiresAt;
  private @Nullable Long dailyCap;

  /**
   * Begins a request.
   *
   * @param name 1 to 80 characters
   * @param scopes such as {@code jobs:read}
   */
  public KeyRequest(String name, List<String> scopes) {
    this.name = name;
    this.scopes = List.copyOf(scopes);
  }

  /** {@code live} or {@code test}; default: that of the key in use. */
  public KeyRequest environment(String value) {
    environment = value;
    return this;
  }

  public KeyRequest expiresAt(Instant time) {
    expiresAt = time;
    return this;
  }

  /** A network from which it works, as CIDR; default: any. */
  public KeyRequest network(String cidr) {
    networks.add(cidr);
    return this;
  }

  /** Most units a day (UTC). */
  public KeyRequest dailyCap(long units) {
    dailyCap = units;
    return this;
  }

  JsonNode body() {
    var body = Json.object().put("name", name);
    if (environment != null) {
      body.put("environment", environment);
    }
    scopes.forEach(body.putArray("scopes")::add);
    if (expiresAt != null) {
      body.put("expires_at", expiresAt.toString());
    }
    if (!networks.isEmpty()) {
      networks.forEach(body.putArray("networks")::add);
    }
    if (dailyCap != null) {
      body.put("daily_cap", dailyCap);
    }
    return body;
  }
}
