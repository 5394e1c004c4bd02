package dev.behalf.web.webhooks;

import dev.behalf.contract.ApiProperty;
import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.StrictBody;
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
  WebhookList list(Owner owner) {
    return new WebhookList(endpoints.list(owner));
  }

  @PostMapping
  ResponseEntity<IssuedWebhook> create(Owner owner, @StrictBody NewWebhook body) {
    var issued =
        endpoints.create(
            owner,
            new NewEndpoint(
                owner.environment(body.environment()),
                Objects.requireNonNullElse(body.url(), ""),
                Objects.requireNonNullElse(body.events(), Set.of()),
                Objects.requireNonNullElse(body.description(), "")));
    return issued(issued);
  }

  @GetMapping("/{id}")
  Endpoint find(Owner owner, @PathVariable UUID id) {
    return endpoints.find(owner, id).orElseThrow(Problem::notFound);
  }

  @PatchMapping("/{id}")
  Endpoint change(Owner owner, @PathVariable UUID id, @StrictBody WebhookChange body) {
    return endpoints.change(owner, id, body.url(), body.events(), body.description());
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(Owner owner, @PathVariable UUID id) {
    endpoints.remove(owner, id);
  }

  @PostMapping("/{id}/disablement")
  Endpoint disable(Owner owner, @PathVariable UUID id) {
    return endpoints.disable(owner, id);
  }

  @DeleteMapping("/{id}/disablement")
  Endpoint enable(Owner owner, @PathVariable UUID id) {
    return endpoints.enable(owner, id);
  }

  @PostMapping("/{id}/rotation")
  ResponseEntity<IssuedWebhook> rotate(Owner owner, @PathVariable UUID id) {
    return issued(endpoints.rotate(owner, id));
  }

  @DeleteMapping("/{id}/rotation")
  Endpoint endRotation(Owner owner, @PathVariable UUID id) {
    return endpoints.endRotation(owner, id);
  }

  private static ResponseEntity<IssuedWebhook> issued(Issued issued) {
    return ResponseEntity.created(URI.create("/api/v1/webhooks/" + issued.endpoint().id()))
        .cacheControl(CacheControl.noStore())
        .body(new IssuedWebhook(issued.secret(), issued.endpoint()));
  }
}
