package dev.behalf.client;

import dev.behalf.client.Transport.Call;
import java.util.List;
import java.util.UUID;

/**
 * The webhooks of the user or, for a platform as itself, of the platform: those receive the events
 * of all its users.
 */
public final class Webhooks {

  private static final String PATH = "/api/v1/webhooks";

  private final Transport transport;

  Webhooks(Transport transport) {
    this.transport = transport;
  }

  /**
   * Creates a webhook. The request is not repeated: the secret is shown once.
   *
   * @param events such as {@code job.succeeded}
   * @param environment {@code live} or {@code test}
   */
  public Webhook.Issued create(String url, List<String> events, String environment) {
    var body = Json.object().put("url", url).put("environment", environment);
    events.forEach(body.putArray("events")::add);
    return transport.send(Call.post(PATH, body), answer -> Webhook.Issued.of(answer.json()));
  }

  public List<Webhook> list() {
    return transport.get(
        PATH, json -> json.required("webhooks").valueStream().map(Webhook::of).toList());
  }

  /** Deletes a webhook with its deliveries. */
  public void delete(UUID id) {
    transport.send(Call.delete(PATH + "/" + id), answer -> answer);
  }

  /** Sends an event of the type {@code webhook.test}. */
  public void test(UUID id) {
    transport.send(Call.post(PATH + "/" + id + "/test-events"), answer -> answer);
  }
}
