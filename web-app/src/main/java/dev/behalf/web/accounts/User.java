package dev.behalf.web.accounts;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A person's row. */
@Entity
@Table(schema = "accounts", name = "users")
class User {

  @Id UUID id;
  String email;
  @Nullable String passwordHash;
  Instant createdAt;
  boolean revokeLeaked;

  /** By an operator; then nobody signs in. */
  @Nullable Instant disabledAt;

  @Version @Nullable Integer version;

  /** For JPA, which fills the fields in afterwards. */
  @SuppressWarnings("NullAway.Init")
  protected User() {}

  User(UUID id, String email, @Nullable String passwordHash, Instant createdAt) {
    this.id = id;
    this.email = email;
    this.passwordHash = passwordHash;
    this.createdAt = createdAt;
  }
}
