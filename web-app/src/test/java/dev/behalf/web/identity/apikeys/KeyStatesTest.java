package dev.behalf.web.identity.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.server.apikeys.ApiKeys;
import dev.behalf.server.apikeys.KeyCheck;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.AuthenticationScheme;
import dev.behalf.server.security.Scope;
import dev.behalf.testkit.TestBroker;
import dev.behalf.testkit.TestDatabase;
import dev.behalf.web.WebApp;
import dev.behalf.web.identity.accounts.Accounts;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.security.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What happens to keys in any order is what a model of a few lines says: which move is taken, and
 * which key is let in after it.
 */
@Tag("server")
class KeyStatesTest {

  private static final KeyCheck.Client HERE = new KeyCheck.Client("127.0.0.1", "");
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  private static final BehalfDatabase DATABASE = TestDatabase.create();
  private static final AtomicReference<Instant> NOW = new AtomicReference<>(START);
  private static @Nullable TestBroker broker;
  private static @Nullable ConfigurableApplicationContext webApp;

  @BeforeContainer
  static void start() {
    broker = TestBroker.embedded();
    var secret = "1:" + Base64.getEncoder().encodeToString(new byte[32]);
    InstantSource clock = NOW::get;
    webApp =
        new SpringApplicationBuilder(WebApp.class)
            .initializers(
                context ->
                    ((GenericApplicationContext) context)
                        .registerBean(
                            "settableClock",
                            InstantSource.class,
                            () -> clock,
                            bean -> bean.setPrimary(true)))
            .run(
                "--server.port=0",
                "--management.server.port=0",
                "--spring.datasource.url=" + DATABASE.url(),
                "--spring.datasource.username=" + DATABASE.roles().web().name(),
                "--spring.datasource.password=" + DATABASE.roles().web().password(),
                "--spring.rabbitmq.addresses=" + broker.address(),
                "--behalf.secrets.peppers=" + secret,
                "--behalf.secrets.master-keys=" + secret,
                "--behalf.secrets.messages=" + secret,
                "--behalf.secrets.lookups=" + secret);
  }

  @AfterContainer
  static void stop() throws Exception {
    if (webApp != null) {
      webApp.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  /** Something that somebody does, or that time does. */
  sealed interface Move {}

  record Issue(@Nullable Integer hours) implements Move {}

  record Rotate(int key, Overlap overlap) implements Move {}

  record RollBack(int key) implements Move {}

  record Disable(int key) implements Move {}

  record Enable(int key) implements Move {}

  record Revoke(int key) implements Move {}

  record RevokeAll() implements Move {}

  record Pass(int minutes) implements Move {}

  record DeleteAccount() implements Move {}

  /** The model: one key, and nothing of how it is stored. */
  private static final class Model {
    private final @Nullable Instant expires;
    private boolean isDisabled;
    private boolean isRevoked;
    private @Nullable Model successor;
    private @Nullable Instant overlapEnd;

    Model(@Nullable Instant expires) {
      this.expires = expires;
    }

    KeyState state() {
      var now = NOW.get();
      if (isRevoked || (overlapEnd != null && !overlapEnd.isAfter(now))) {
        return KeyState.REVOKED;
      }
      if (expires != null && !expires.isAfter(now)) {
        return KeyState.EXPIRED;
      }
      return isDisabled
          ? KeyState.DISABLED
          : successor == null ? KeyState.ACTIVE : KeyState.ROTATING;
    }
  }

  @Property(tries = 150)
  void any_order_of_moves_is_as_the_model_says(@ForAll("moves") List<Move> moves) {
    NOW.set(START);
    var user = newUser();
    var models = new ArrayList<Model>();
    var texts = new ArrayList<String>();
    var isDeleted = false;

    for (var move : moves) {
      if (isDeleted && !(move instanceof Pass)) {
        continue;
      }
      var expected = apply(move, models);
      var happened = perform(move, user, texts);
      assertThat(happened).as("%s was taken", move).isEqualTo(expected);
      isDeleted |= move instanceof DeleteAccount;
      verify(models, texts, isDeleted, moves);
    }
  }

  @Example
  void of_many_rotations_at_once_one_is_taken() throws Exception {
    NOW.set(START);
    var caller = caller(newUser());
    var key = keys().create(caller, asked(null)).key().id();

    try (var threads = Executors.newFixedThreadPool(8)) {
      var taken =
          threads
              .invokeAll(
                  java.util.Collections.<java.util.concurrent.Callable<Boolean>>nCopies(
                      8,
                      () -> {
                        try {
                          keys().rotate(caller, key, Overlap.DAY, null);
                          return true;
                        } catch (Problem notInState) {
                          return false;
                        }
                      }))
              .stream()
              .filter(result -> result.resultNow())
              .count();

      assertThat(taken).isEqualTo(1);
    }
  }

  @Provide
  Arbitrary<List<Move>> moves() {
    var key = Arbitraries.integers().between(0, 5);
    return Arbitraries.<Move>frequencyOf(
            net.jqwik.api.Tuple.of(
                4, Arbitraries.integers().between(1, 30).injectNull(0.5).map(Issue::new)),
            net.jqwik.api.Tuple.of(
                5, Combinators.combine(key, Arbitraries.of(Overlap.class)).as(Rotate::new)),
            net.jqwik.api.Tuple.of(3, key.map(RollBack::new)),
            net.jqwik.api.Tuple.of(3, key.map(Disable::new)),
            net.jqwik.api.Tuple.of(3, key.map(Enable::new)),
            net.jqwik.api.Tuple.of(2, key.map(Revoke::new)),
            net.jqwik.api.Tuple.of(4, Arbitraries.integers().between(1, 1000).map(Pass::new)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(new RevokeAll())),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(new DeleteAccount())))
        .list()
        .ofMinSize(3)
        .ofMaxSize(25);
  }

  /** Says whether the move is legal, and makes it in the model. */
  private static boolean apply(Move move, List<Model> keys) {
    return switch (move) {
      case Issue issue ->
          keys.add(
              new Model(
                  issue.hours() == null ? null : NOW.get().plus(Duration.ofHours(issue.hours()))));
      case Rotate rotate ->
          with(
              keys,
              rotate.key(),
              KeyState.ACTIVE,
              key -> {
                key.successor = new Model(key.expires);
                var time = rotate.overlap().time();
                key.overlapEnd = time == null ? null : NOW.get().plus(time);
                keys.add(key.successor);
              });
      case RollBack back ->
          with(
              keys,
              back.key(),
              KeyState.ROTATING,
              key -> {
                // Whatever has become of the successor meanwhile, it is revoked then.
                if (key.successor != null) {
                  key.successor.isRevoked = true;
                }
                key.successor = null;
                key.overlapEnd = null;
              });
      case Disable disable ->
          with(keys, disable.key(), KeyState.ACTIVE, key -> key.isDisabled = true);
      case Enable enable ->
          with(keys, enable.key(), KeyState.DISABLED, key -> key.isDisabled = false);
      case Revoke revoke -> {
        var isLegal =
            revoke.key() < keys.size() && keys.get(revoke.key()).state() != KeyState.REVOKED;
        if (isLegal) {
          keys.get(revoke.key()).isRevoked = true;
        }
        yield isLegal;
      }
      case RevokeAll all -> {
        keys.forEach(key -> key.isRevoked = true);
        yield true;
      }
      case Pass time -> {
        NOW.updateAndGet(now -> now.plus(Duration.ofMinutes(time.minutes())));
        yield true;
      }
      case DeleteAccount gone -> true;
    };
  }

  private static boolean with(
      List<Model> keys, int index, KeyState from, java.util.function.Consumer<Model> change) {
    if (index >= keys.size() || keys.get(index).state() != from) {
      return false;
    }
    change.accept(keys.get(index));
    return true;
  }

  /** Makes the move for real. */
  private static boolean perform(Move move, UUID user, List<String> texts) {
    var caller = caller(user);
    try {
      switch (move) {
        case Issue issue -> texts.add(keys().create(caller, asked(issue.hours())).secret());
        case Rotate rotate -> {
          var silence = rotate.overlap() == Overlap.UNTIL_SILENT ? Duration.ofDays(7) : null;
          texts.add(
              String.valueOf(
                  keys()
                      .rotate(caller, id(texts, rotate.key()), rotate.overlap(), silence)
                      .secret()));
        }
        case RollBack back -> keys().rollBack(caller, id(texts, back.key()));
        case Disable disable -> keys().disable(caller, id(texts, disable.key()));
        case Enable enable -> keys().enable(caller, id(texts, enable.key()));
        case Revoke revoke -> keys().revoke(caller, id(texts, revoke.key()));
        case RevokeAll all -> keys().revokeAll(caller);
        case Pass time -> {}
        case DeleteAccount gone -> bean(Accounts.class).delete(user, Actor.SESSION);
      }
      return true;
    } catch (Problem refused) {
      return false;
    }
  }

  private static void verify(
      List<Model> models, List<String> texts, boolean isDeleted, List<Move> moves) {
    var scheme = bean(ApiKeys.class);
    // How soon a replica hears of a change is tested elsewhere.
    scheme.resumed();
    for (int i = 0; i < models.size(); i++) {
      var check = scheme.check(texts.get(i), HERE);
      var works = !isDeleted && models.get(i).state().works();
      assertThat(check instanceof KeyCheck.Accepted)
          .as(
              "key %d, %s by the model, was answered %s after %s",
              i, models.get(i).state(), check, moves)
          .isEqualTo(works);
    }
  }

  private static String id(List<String> texts, int index) {
    return index < texts.size() ? texts.get(index).substring(8, 20) : "000000000000";
  }

  private static NewKey asked(@Nullable Integer hours) {
    return new NewKey(
        "a key",
        Environment.TEST,
        EnumSet.of(Scope.JOBS_READ),
        hours == null ? null : NOW.get().plus(Duration.ofHours(hours)),
        List.of(),
        null);
  }

  private static Caller caller(UUID user) {
    return new Caller(
        user,
        AuthenticationScheme.SESSION,
        null,
        EnumSet.allOf(Scope.class),
        null,
        null,
        Actor.SESSION);
  }

  private static UUID newUser() {
    var id = UUID.randomUUID();
    bean(JdbcClient.class)
        .sql("insert into accounts.users (id, email, created_at, version) values (?, ?, now(), 0)")
        .params(id, id + "@example.com")
        .update();
    return id;
  }

  private static Keys keys() {
    return bean(Keys.class);
  }

  private static <T> T bean(Class<T> type) {
    return java.util.Objects.requireNonNull(webApp).getBean(type);
  }
}
