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
 * A person's row. Only what was changed is written: other columns belong to others, who change them
 * by SQL.
 */
@Entity
@DynamicUpdate
@Table(schema = "accounts", name = "users")
class User {

  @Id UUID id;
  String email;
  @Nullable String passwordHash;
  Instant createdAt;
  boolean revokeLeaked;

  /** When it was proved that the address is theirs; until then it counts for nothing. */
  @Nullable Instant emailVerifiedAt;

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
