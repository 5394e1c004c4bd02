package dev.behalf.worker.secrets;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.worker.WorkerSettings;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Caches keys, for a minute by default, so that a thousand jobs of one user cost one look-up. */
@Component
class CachedSecretLookup implements SecretLookup {

  private static final int MAX_KEYS = 10_000;

  private record Owner(UUID userId, Environment environment) {
    static Owner of(JobMessage job) {
      return new Owner(job.userId(), job.environment());
    }
  }

  private final HttpSecretLookup lookup;
  private final ApplicationEventPublisher events;
  private final Cache<Owner, ManagedKey> keys;

  CachedSecretLookup(
      HttpSecretLookup lookup, WorkerSettings settings, ApplicationEventPublisher events) {
    this.lookup = lookup;
    this.events = events;
    this.keys =
        Caffeine.newBuilder().maximumSize(MAX_KEYS).expireAfterWrite(settings.keyMaxAge()).build();
  }

  @Override
  public Answer find(JobMessage job) {
    var cached = keys.getIfPresent(Owner.of(job));
    if (cached != null) {
      return new Found(cached);
    }
    return findAnew(job);
  }

  @Override
  public Answer findAnew(JobMessage job) {
    var answer = lookup.find(job);
    events.publishEvent(new KeyLookedUp(job.environment(), answer));
    if (answer instanceof Found found) {
      keys.put(Owner.of(job), found.key());
    }
    return answer;
  }

  /** Removes only the refused key, because another thread may already have cached the new one. */
  @Override
  public void forget(JobMessage job, ManagedKey refused) {
    keys.asMap().remove(Owner.of(job), refused);
  }
}
