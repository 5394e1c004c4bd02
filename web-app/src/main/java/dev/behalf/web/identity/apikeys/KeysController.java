package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.ApiProperty;
import dev.behalf.contract.Environment;
import dev.behalf.contract.WireName;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.StrictBody;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.security.Caller;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The API for a user's keys. An action is a resource: POST begins it, DELETE undoes it. */
@RestController
@RequestMapping("/api/v1/keys")
class KeysController {

  private static final int MAX_PAGE = 100;

  private final Keys keys;
  private final KeyTraffic traffic;
  private final KeyRequests requests;

  KeysController(Keys keys, KeyTraffic traffic, KeyRequests requests) {
    this.keys = keys;
    this.traffic = traffic;
    this.requests = requests;
  }

  record KeyList(List<KeyView> keys) {}

  /**
   * A request for a key. Only name and scopes are required; the defaults are live (or the calling
   * key's environment), no expiry, any network and no cap.
   */
  record KeyRequest(
      @ApiProperty(required = true) @Nullable String name,
      @Nullable Environment environment,
      @ApiProperty(required = true) @Nullable Set<Scope> scopes,
      @Nullable Instant expiresAt,
      @Nullable List<String> networks,
      @Nullable Long dailyCap) {}

  /** A new key with its text, which only this response shows. */
  record IssuedKey(String secret, KeyView key) {}

  /**
   * How to rotate a key.
   *
   * @param silentFor with {@code until_silent}: {@code 15m}, {@code 1h}, {@code 24h} or {@code 7d}
   */
  record RotationRequest(
      @ApiProperty(required = true) @Nullable Overlap overlap, @Nullable Overlap silentFor) {}

  @com.fasterxml.jackson.annotation.JsonInclude(
      com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL)
  record RotatedKey(@Nullable String secret, KeyView key, KeyView old) {}

  record Revoked(int revoked) {}

  record Traffic(List<KeyTraffic.KeyDay> days) {}

  /** A page of the requests of a key; {@code next} is the cursor of the following page. */
  @com.fasterxml.jackson.annotation.JsonInclude(
      com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL)
  record RequestList(List<LoggedRequest> requests, @Nullable Long next) {}

  @GetMapping
  KeyList list(Caller caller) {
    return new KeyList(keys.list(caller));
  }

  @PostMapping
  ResponseEntity<IssuedKey> create(Caller caller, @StrictBody KeyRequest body) {
    var issued =
        keys.create(
            caller,
            new NewKey(
                Objects.requireNonNullElse(body.name(), ""),
                caller.environment(body.environment()),
                Objects.requireNonNullElse(body.scopes(), EnumSet.noneOf(Scope.class)),
                body.expiresAt(),
                Objects.requireNonNullElse(body.networks(), List.of()),
                body.dailyCap()));
    return ResponseEntity.created(URI.create("/api/v1/keys/" + issued.key().id()))
        .cacheControl(CacheControl.noStore())
        .body(new IssuedKey(issued.secret(), issued.key()));
  }

  @GetMapping("/traffic")
  Traffic traffic(Caller caller) {
    return new Traffic(
        traffic.days(caller.userId()).stream()
            .filter(day -> caller.maySee(day.environment()))
            .toList());
  }

  @PostMapping("/revocation")
  Revoked revokeAll(Caller caller) {
    return new Revoked(keys.revokeAll(caller));
  }

  @GetMapping("/{id}")
  KeyView find(Caller caller, @PathVariable String id) {
    return keys.find(caller, id).orElseThrow(Problem::notFound);
  }

  @GetMapping("/{id}/requests")
  RequestList requests(
      Caller caller,
      @PathVariable String id,
      @RequestParam @Nullable String status,
      @RequestParam @Nullable Long cursor,
      @RequestParam(defaultValue = "50") int limit) {
    var key = find(caller, id);
    var size = Math.clamp(limit, 1, MAX_PAGE);
    var found = requests.list(caller.userId(), key.id(), only(status), cursor, size);
    return new RequestList(found, found.size() < size ? null : Long.valueOf(found.getLast().id()));
  }

  @PostMapping("/{id}/disablement")
  KeyView disable(Caller caller, @PathVariable String id) {
    return keys.disable(caller, id);
  }

  @DeleteMapping("/{id}/disablement")
  KeyView enable(Caller caller, @PathVariable String id) {
    return keys.enable(caller, id);
  }

  @PostMapping("/{id}/revocation")
  KeyView revoke(Caller caller, @PathVariable String id) {
    return keys.revoke(caller, id);
  }

  @PostMapping("/{id}/rotation")
  ResponseEntity<RotatedKey> rotate(
      Caller caller, @PathVariable String id, @StrictBody RotationRequest body) {
    if (body.overlap() == null) {
      throw NewKey.fault(
          "overlap", "Choose the grace period: now, 15m, 1h, 24h, 7d or until_silent.");
    }
    var rotated = keys.rotate(caller, id, body.overlap(), silence(body.silentFor()));
    return ResponseEntity.created(URI.create("/api/v1/keys/" + rotated.successor().id()))
        .cacheControl(CacheControl.noStore())
        .body(new RotatedKey(rotated.secret(), rotated.successor(), rotated.old()));
  }

  @DeleteMapping("/{id}/rotation")
  KeyView rollBack(Caller caller, @PathVariable String id) {
    return keys.rollBack(caller, id);
  }

  private static @Nullable StatusClass only(@Nullable String status) {
    return status == null
        ? null
        : WireName.find(StatusClass.class, status)
            .orElseThrow(() -> NewKey.fault("status", "Use 2xx, 4xx or 5xx."));
  }

  private static @Nullable Duration silence(@Nullable Overlap asked) {
    return asked == null ? null : asked.time();
  }
}
