package dev.behalf.web.identity.accounts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Scope;
import dev.behalf.server.security.UserPrincipal;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.CredentialsContainer;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;

/** A user with a session. The password hash is erased as soon as it has been compared. */
public final class SignedIn implements UserDetails, CredentialsContainer, UserPrincipal {

  private static final long serialVersionUID = 2;

  private final UUID id;
  private final String email;
  private @Nullable String passwordHash;

  SignedIn(UUID id, String email, @Nullable String passwordHash) {
    this.id = id;
    this.email = email;
    this.passwordHash = passwordHash;
  }

  @Override
  public UUID id() {
    return id;
  }

  public String email() {
    return email;
  }

  @Override
  public AuthenticationScheme scheme() {
    return AuthenticationScheme.SESSION;
  }

  @Override
  public UUID userId() {
    return id;
  }

  /** Returns all scopes: a session can do everything that its user can. */
  @Override
  public Set<Scope> scopes() {
    return EnumSet.allOf(Scope.class);
  }

  @Override
  public String credential() {
    return "session";
  }

  /** Returns the id, so that sessions and tokens are filed under a name that never changes. */
  @Override
  public String getUsername() {
    return id.toString();
  }

  @JsonIgnore
  @Override
  public @Nullable String getPassword() {
    return passwordHash;
  }

  @Override
  public Collection<? extends GrantedAuthority> getAuthorities() {
    return List.of();
  }

  @Override
  public void eraseCredentials() {
    passwordHash = null;
  }
}
