package dev.behalf.web.webhooks;

import dev.behalf.contract.ApiProperty;
import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.StrictBody;
import dev.behalf.web.site.security.Caller;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The API of a user's webhooks. Each action is a resource: POST starts the action, DELETE reverts
 * it.
 */
@RestController
@RequestMapping("/api/v1/webhooks")
class WebhooksController {

  private final Endpoints endpoints;

  WebhooksController(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  record WebhookList(List<Endpoint> webhooks) {}

  /** A new webhook. The environment defaults to the key's own, or else to live. */
  record NewWebhook(
      @ApiProperty(required = true) @Nullable String url,
      @ApiProperty(required = true) @Nullable Set<EventType> events,
      @Nullable Environment environment,
      @Nullable String description) {}

  /** A change to a webhook; absent properties keep their values. */
  record WebhookChange(
      @Nullable String url, @Nullable Set<EventType> events, @Nullable String description) {}

  /** A webhook with its secret, which no later response repeats. */
  record IssuedWebhook(String secret, Endpoint webhook) {}

  @GetMapping
  WebhookList list(Caller caller) {
    return new WebhookList(endpoints.list(caller));
  }

  @PostMapping
  ResponseEntity<IssuedWebhook> create(Caller caller, @StrictBody NewWebhook body) {
    var issued =
        endpoints.create(
            caller,
            new NewEndpoint(
                caller.environment(body.environment()),
                Objects.requireNonNullElse(body.url(), ""),
                Objects.requireNonNullElse(body.events(), Set.of()),
                Objects.requireNonNullElse(body.description(), "")));
    return issued(issued);
  }

  @GetMapping("/{id}")
  Endpoint find(Caller caller, @PathVariable UUID id) {
    return endpoints.find(caller, id).orElseThrow(Problem::notFound);
  }

  @PatchMapping("/{id}")
  Endpoint change(Caller caller, @PathVariable UUID id, @StrictBody WebhookChange body) {
    return endpoints.change(caller, id, body.url(), body.events(), body.description());
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(Caller caller, @PathVariable UUID id) {
    endpoints.remove(caller, id);
  }

  @PostMapping("/{id}/disablement")
  Endpoint disable(Caller caller, @PathVariable UUID id) {
    return endpoints.disable(caller, id);
  }

  @DeleteMapping("/{id}/disablement")
  Endpoint enable(Caller caller, @PathVariable UUID id) {
    return endpoints.enable(caller, id);
  }

  @PostMapping("/{id}/rotation")
  ResponseEntity<IssuedWebhook> rotate(Caller caller, @PathVariable UUID id) {
    return issued(endpoints.rotate(caller, id));
  }

  @DeleteMapping("/{id}/rotation")
  Endpoint endRotation(Caller caller, @PathVariable UUID id) {
    return endpoints.endRotation(caller, id);
  }

  private static ResponseEntity<IssuedWebhook> issued(Issued issued) {
    return ResponseEntity.created(URI.create("/api/v1/webhooks/" + issued.endpoint().id()))
        .cacheControl(CacheControl.noStore())
        .body(new IssuedWebhook(issued.secret(), issued.endpoint()));
  }
}
