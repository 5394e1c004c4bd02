package dev.behalf.web.identity.accounts;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/**
 * The row of a user account. Updates write only the changed columns: other code changes other
 * columns by SQL.
 */
@Entity
@DynamicUpdate
@Table(schema = "accounts", name = "users")
class User {

  @Id UUID id;

  /** The address with which the user signs in; null for a user of a platform. */
  @Nullable String email;

  @Nullable String passwordHash;
  Instant createdAt;
  boolean revokeLeaked;

  /** When the address was verified. Until then it is a claim that counts for nothing. */
  @Nullable Instant emailVerifiedAt;

  /** When an operator disabled the account; a disabled account cannot sign in. */
  @Nullable Instant disabledAt;

  @Version @Nullable Integer version;

  /** For JPA, which sets the fields afterwards. */
  @SuppressWarnings("NullAway.Init")
  protected User() {}

  User(UUID id, @Nullable String email, @Nullable String passwordHash, Instant createdAt) {
    this.id = id;
    this.email = email;
    this.passwordHash = passwordHash;
    this.createdAt = createdAt;
  }

  /** Returns the address with which the user signs in. */
  String address() {
    if (email == null) {
      throw new IllegalStateException("A user without an address has signed in.");
    }
    return email;
  }
}
