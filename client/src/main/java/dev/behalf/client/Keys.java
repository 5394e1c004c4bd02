package dev.behalf.client;

import dev.behalf.client.Transport.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that the credential can see. Keys are issued once: no such request is repeated. */
public final class Keys {

  private static final String PATH = "/api/v1/keys";

  private final Transport transport;

  Keys(Transport transport) {
    this.transport = transport;
  }

  public List<Key> list() {
    return transport.get(PATH, json -> json.required("keys").valueStream().map(Key::of).toList());
  }

  public Key get(String id) {
    return transport.get(PATH + "/" + Query.encoded(id), Key::of);
  }

  public Key.Issued issue(KeyRequest request) {
    return transport.send(Call.post(PATH, request.body()), answer -> Key.Issued.of(answer.json()));
  }

  /**
   * Issues a successor with the same permissions.
   *
   * @param overlap grace period of the old key: {@code now}, {@code 15m}, {@code 1h}, {@code 24h},
   *     {@code 7d} or {@code until_silent}
   * @param silentFor with {@code until_silent}, the time without use: {@code 15m}, {@code 1h},
   *     {@code 24h} or {@code 7d}
   */
  public Key.Issued rotate(String id, String overlap, @Nullable String silentFor) {
    var body = Json.object().put("overlap", overlap);
    if (silentFor != null) {
      body.put("silent_for", silentFor);
    }
    return transport.send(
        Call.post(path(id, "rotation"), body), answer -> Key.Issued.of(answer.json()));
  }

  /** Revokes a key for good; servers refuse it within a second. */
  public Key revoke(String id) {
    return transport.send(
        Call.post(path(id, "revocation"), Json.object()), answer -> Key.of(answer.json()));
  }

  private static String path(String id, String verb) {
    return PATH + "/" + Query.encoded(id) + "/" + verb;
  }
}
