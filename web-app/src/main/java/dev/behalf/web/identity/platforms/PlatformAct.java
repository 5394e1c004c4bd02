package dev.behalf.web.identity.platforms;

import dev.behalf.web.site.audit.Actor;
import java.util.Map;
import java.util.UUID;

/**
 * The event published in the transaction in which a platform creates or changes one of its users,
 * for the operators' audit log. It names the user by the id alone, because that log outlives the
 * account.
 */
public record PlatformAct(Actor actor, UUID userId, String action, Map<String, ?> details) {}
