package dev.behalf.web.site.security;

import dev.behalf.server.apikeys.ApiKeyAuthenticator;
import dev.behalf.server.apikeys.ApiKeys;
import dev.behalf.server.apikeys.KeyCheck;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.SchemeFilter;
import dev.behalf.server.security.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Says whether the credentials of requests that go on, such as streams, are still valid. */
@Component
public class Admissions {

  private static final String BEARER = "Bearer";

  private final Sessions sessions;
  private final ApiKeys keys;
  private final TokenCheck tokens;
  private final Permissions permissions;

  Admissions(Sessions sessions, ApiKeys keys, TokenCheck tokens, Permissions permissions) {
    this.sessions = sessions;
    this.keys = keys;
    this.tokens = tokens;
    this.permissions = permissions;
  }

  /** The credential of a request. */
  public sealed interface Credential {

    record OfSession(String id) implements Credential {}

    /** A key; its text appears in no message. */
    record Key(String text, KeyCheck.Client client) implements Credential {
      @Override
      public String toString() {
        return "key";
      }
    }

    record Token(TokenCheck.Presented presented) implements Credential {}
  }

  /** Returns the credential by which a request was admitted. */
  public static Credential of(HttpServletRequest request) {
    if (SchemeFilter.isUsed(request, BEARER)) {
      return new Credential.Token(
          new TokenCheck.Presented(credential(request, BEARER), OnBehalfOf.of(request)));
    }
    if (SchemeFilter.isUsed(request, ApiKeyAuthenticator.SCHEME)) {
      return new Credential.Key(
          credential(request, ApiKeyAuthenticator.SCHEME), ApiKeyAuthenticator.client(request));
    }
    HttpSession session = request.getSession(false);
    return new Credential.OfSession(session == null ? "" : session.getId());
  }

  private static String credential(HttpServletRequest request, String scheme) {
    return request.getHeader("Authorization").substring(scheme.length() + 1).strip();
  }

  /** Returns those of the credentials that would not be admitted to read jobs any more. */
  public Set<Credential> ended(Collection<Credential> open) {
    var ended = new HashSet<Credential>();
    var ids =
        open.stream()
            .filter(Credential.OfSession.class::isInstance)
            .map(credential -> ((Credential.OfSession) credential).id())
            .collect(Collectors.toSet());
    if (!ids.isEmpty()) {
      sessions.ended(ids).forEach(id -> ended.add(new Credential.OfSession(id)));
    }
    open.stream().filter(credential -> !isValid(credential)).forEach(ended::add);
    return ended;
  }

  private boolean isValid(Credential credential) {
    return switch (credential) {
      case Credential.OfSession session -> true;
      case Credential.Key key ->
          keys.check(key.text(), key.client()) instanceof KeyCheck.Accepted accepted
              && accepted.holder().scopes().contains(Scope.JOBS_READ);
      case Credential.Token token -> isValid(token.presented());
    };
  }

  private boolean isValid(TokenCheck.Presented token) {
    try {
      return permissions.reach(tokens.check(token)).contains(Scope.JOBS_READ);
    } catch (Problem refused) {
      return false;
    }
  }
}
