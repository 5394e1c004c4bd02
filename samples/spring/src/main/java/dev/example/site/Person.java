package dev.example.site;

import java.util.Collection;
import java.util.List;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;

/** A person who can sign in. */
record Person(long id, String username, String name, String passwordHash) implements UserDetails {

  /**
   * Returns the id under which Behalf knows this person. It never changes and is never reassigned,
   * unlike a user name or an e-mail address.
   */
  String externalId() {
    return "user-" + id;
  }

  @Override
  public String getUsername() {
    return username;
  }

  @Override
  public String getPassword() {
    return passwordHash;
  }

  @Override
  public Collection<? extends GrantedAuthority> getAuthorities() {
    return List.of();
  }

  @Override
  public String toString() {
    return username;
  }
}
