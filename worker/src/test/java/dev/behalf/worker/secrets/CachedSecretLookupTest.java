package dev.behalf.worker.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.RawJson;
import dev.behalf.worker.compute.FakeCompute;
import dev.behalf.worker.secrets.SecretLookup.Answer;
import dev.behalf.worker.secrets.SecretLookup.Found;
import dev.behalf.worker.secrets.SecretLookup.NoKey;
import dev.behalf.worker.secrets.SecretLookup.NotInFlight;
import dev.behalf.worker.secrets.SecretLookup.Unreachable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CachedSecretLookupTest {

  private static final UUID ADA = new UUID(0, 1);
  private static final UUID BOB = new UUID(0, 2);
  private static final ManagedKey OLD = new ManagedKey("old", "bh_live_old");
  private static final ManagedKey NEW = new ManagedKey("new", "bh_live_new");

  private final FakeHttp http = new FakeHttp();
  private final List<Object> events = new ArrayList<>();
  private final CachedSecretLookup lookup = lookup(Duration.ofSeconds(60));

  @Test
  void all_jobs_of_a_user_cost_one_look_up() {
    http.answer = new Found(OLD);

    assertThat(lookup.find(job(ADA, Environment.LIVE))).isEqualTo(new Found(OLD));
    http.answer = new Unreachable("The key look-up answered 503.");
    assertThat(lookup.find(job(ADA, Environment.LIVE))).isEqualTo(new Found(OLD));

    assertThat(http.lookups).isEqualTo(1);
  }

  @Test
  void another_user_and_the_other_environment_have_keys_of_their_own() {
    http.answer = new Found(OLD);
    lookup.find(job(ADA, Environment.LIVE));
    http.answer = new Found(NEW);

    assertThat(lookup.find(job(BOB, Environment.LIVE))).isEqualTo(new Found(NEW));
    assertThat(lookup.find(job(ADA, Environment.TEST))).isEqualTo(new Found(NEW));
    assertThat(lookup.find(job(ADA, Environment.LIVE))).isEqualTo(new Found(OLD));
  }

  private static Stream<Answer> noKeys() {
    return Stream.of(new NoKey(), new NotInFlight(), new Unreachable("away"));
  }

  /** A key that a user issues now works for the next job. */
  @ParameterizedTest
  @MethodSource("noKeys")
  void only_a_key_is_kept(Answer none) {
    http.answer = none;
    assertThat(lookup.find(job(ADA, Environment.LIVE))).isEqualTo(none);
    http.answer = new Found(NEW);

    assertThat(lookup.find(job(ADA, Environment.LIVE))).isEqualTo(new Found(NEW));
  }

  @Test
  void a_refused_key_is_looked_up_again() {
    http.answer = new Found(OLD);
    lookup.find(job(ADA, Environment.LIVE));
    http.answer = new Found(NEW);
    lookup.forget(job(ADA, Environment.LIVE), OLD);

    assertThat(lookup.find(job(ADA, Environment.LIVE))).isEqualTo(new Found(NEW));
  }

  /** Many jobs are refused at once after a rotation; the first of them has found the new key. */
  @Test
  void a_late_refusal_of_the_old_key_leaves_the_new_one() {
    http.answer = new Found(NEW);
    lookup.find(job(ADA, Environment.LIVE));
    lookup.forget(job(ADA, Environment.LIVE), OLD);
    lookup.find(job(ADA, Environment.LIVE));

    assertThat(http.lookups).isEqualTo(1);
  }

  @Test
  void a_refusal_leaves_the_same_users_key_of_the_other_environment() {
    http.answer = new Found(OLD);
    lookup.find(job(ADA, Environment.LIVE));
    lookup.forget(job(ADA, Environment.TEST), OLD);
    lookup.find(job(ADA, Environment.LIVE));

    assertThat(http.lookups).isEqualTo(1);
  }

  @Test
  void a_key_without_a_maximum_age_is_looked_up_each_time() {
    var uncached = lookup(Duration.ZERO);
    http.answer = new Found(OLD);
    uncached.find(job(ADA, Environment.LIVE));
    http.answer = new Found(NEW);

    assertThat(uncached.find(job(ADA, Environment.LIVE))).isEqualTo(new Found(NEW));
  }

  @Test
  void each_look_up_over_the_network_is_an_event_and_a_cached_key_is_none() {
    http.answer = new NoKey();
    lookup.find(job(ADA, Environment.TEST));
    http.answer = new Found(NEW);
    lookup.find(job(ADA, Environment.TEST));
    lookup.find(job(ADA, Environment.TEST));

    assertThat(events)
        .containsExactly(
            new KeyLookedUp(Environment.TEST, new NoKey()),
            new KeyLookedUp(Environment.TEST, new Found(NEW)));
  }

  @Test
  void a_look_up_that_fails_unexpectedly_keeps_nothing() {
    http.answer = null;
    assertThatThrownBy(() -> lookup.find(job(ADA, Environment.LIVE)))
        .isInstanceOf(IllegalStateException.class);
    http.answer = new Found(NEW);

    assertThat(lookup.find(job(ADA, Environment.LIVE))).isEqualTo(new Found(NEW));
  }

  @Test
  void neither_a_key_nor_its_event_shows_the_secret() {
    assertThat(new KeyLookedUp(Environment.LIVE, new Found(OLD)).toString())
        .contains("old")
        .doesNotContain("bh_live_old");
  }

  private CachedSecretLookup lookup(Duration keyMaxAge) {
    return new CachedSecretLookup(http, FakeCompute.settings(keyMaxAge), events::add);
  }

  private static JobMessage job(UUID userId, Environment environment) {
    return new JobMessage(
        1, UUID.randomUUID(), userId, environment, new RawJson("{}"), 1, Instant.EPOCH, null, null);
  }

  private static final class FakeHttp extends HttpSecretLookup {

    private @Nullable Answer answer;
    private int lookups;

    private FakeHttp() {
      super(new OkHttpClient(), FakeCompute.settings(Duration.ZERO), InstantSource.system());
    }

    @Override
    Answer find(JobMessage job) {
      lookups++;
      if (answer == null) {
        throw new IllegalStateException("a bug");
      }
      return answer;
    }
  }
}
