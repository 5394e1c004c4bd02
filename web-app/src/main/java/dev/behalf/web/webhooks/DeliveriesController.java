package dev.behalf.web.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The API of a webhook's deliveries. */
@RestController
@RequestMapping("/api/v1/webhooks/{id}")
class DeliveriesController {

  private static final int MAX_PAGE = 100;

  private final Deliveries deliveries;

  DeliveriesController(Deliveries deliveries) {
    this.deliveries = deliveries;
  }

  /** A page of deliveries; {@code next} is the cursor of the next page. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DeliveryPage(List<Delivery> deliveries, @Nullable String next) {}

  @GetMapping("/deliveries")
  DeliveryPage list(
      Owner owner,
      @PathVariable UUID id,
      @RequestParam @Nullable String state,
      @RequestParam @Nullable String cursor,
      @RequestParam(defaultValue = "20") int limit) {
    var size = Math.clamp(limit, 1, MAX_PAGE);
    var found = deliveries.list(owner, id, state(state), cursor, size);
    var next = found.size() < size ? null : Objects.requireNonNull(found.getLast()).id();
    return new DeliveryPage(found, next);
  }

  @GetMapping("/deliveries/{delivery}")
  Deliveries.Detail find(Owner owner, @PathVariable UUID id, @PathVariable String delivery) {
    return deliveries.find(owner, id, delivery);
  }

  /** Replays a delivery; the event keeps its id. */
  @PostMapping("/deliveries/{delivery}/replay")
  @ResponseStatus(HttpStatus.ACCEPTED)
  Delivery replay(Owner owner, @PathVariable UUID id, @PathVariable String delivery) {
    return deliveries.replay(owner, id, delivery);
  }

  @PostMapping("/test-events")
  @ResponseStatus(HttpStatus.ACCEPTED)
  Delivery test(Owner owner, @PathVariable UUID id) {
    return deliveries.test(owner, id);
  }

  private static @Nullable DeliveryState state(@Nullable String word) {
    return word == null
        ? null
        : DeliveryState.of(word)
            .orElseThrow(
                () ->
                    NewEndpoint.fault(
                        "state", "Ask for pending, sending, delivered or failed ones."));
  }
}
