package dev.behalf.web.identity.accounts;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.repository.Repository;

/** The repository of user accounts. */
interface Users extends Repository<User, UUID> {

  /** Returns at most two users: one with the verified address and one who only claims it. */
  List<User> findByEmail(String email);

  boolean existsByEmail(String email);

  boolean existsByEmailAndEmailVerifiedAtIsNotNull(String email);

  Optional<User> findById(UUID id);

  User save(User user);
}
