package dev.behalf.web.identity.accounts;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.repository.Repository;

/** All people who have signed up. */
interface Users extends Repository<User, UUID> {

  /** One whose address is verified and one who only claims it, at most. */
  List<User> findByEmail(String email);

  boolean existsByEmail(String email);

  boolean existsByEmailAndEmailVerifiedAtIsNotNull(String email);

  Optional<User> findById(UUID id);

  User save(User user);
}
