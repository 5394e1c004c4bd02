package dev.behalf.web.identity.oauth;

import dev.behalf.contract.WireName;
import dev.behalf.server.security.Scope;
import dev.behalf.web.identity.platforms.Acting;
import dev.behalf.web.site.security.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The API for who acts for a user: applications and platforms. */
@RestController
@RequestMapping("/api/v1/actors")
class ActorsController {

  private final Applications applications;
  private final Acting acting;

  ActorsController(Applications applications, Acting acting) {
    this.applications = applications;
    this.acting = acting;
  }

  enum ActorKind implements WireName {
    APPLICATION,
    PLATFORM
  }

  /** Who acts for a user, and with which scopes at most. */
  record ActingParty(UUID id, ActorKind kind, String name, Set<Scope> scopes, Instant since) {}

  record ActorList(List<ActingParty> actors) {}

  @GetMapping
  ActorList list(Caller caller) {
    var platforms =
        acting.of(caller.userId()).stream()
            .map(
                right ->
                    new ActingParty(
                        right.platformId(),
                        ActorKind.PLATFORM,
                        right.name(),
                        right.scopes(),
                        right.since()));
    var others =
        applications.grants(caller.userId()).stream()
            .map(
                grant ->
                    new ActingParty(
                        grant.applicationId(),
                        ActorKind.APPLICATION,
                        grant.name(),
                        grant.scopes(),
                        grant.since()));
    return new ActorList(Stream.concat(platforms, others).toList());
  }
}
