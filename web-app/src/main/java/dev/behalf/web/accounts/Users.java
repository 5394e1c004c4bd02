package dev.behalf.web.accounts;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.repository.Repository;

/** All people who have signed up. */
interface Users extends Repository<User, UUID> {

  Optional<User> findByEmail(String email);

  boolean existsByEmail(String email);

  Optional<User> findById(UUID id);

  User save(User user);
}
