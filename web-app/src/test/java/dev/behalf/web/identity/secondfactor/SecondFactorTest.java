package dev.behalf.web.identity.secondfactor;

import static org.assertj.core.api.Assertions.assertThat;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After the password, an account can ask for a code of an app. */
class SecondFactorTest extends WebAppTest {

  private static final String SETTINGS = "/settings/second-factor";
  private static final Pattern SECRET = Pattern.compile("id=\"totp-secret\">([A-Z2-7 ]+)<");

  /** A line of its own: also the parts of a UUID elsewhere in the page can look so. */
  private static final Pattern RECOVERY_CODE =
      Pattern.compile("(?m)(?:(?<=>)|^)[a-z2-7]{4}(?:-[a-z2-7]{4}){3}(?=$|<)");

  private Person ada;

  @BeforeEach
  void somebody() throws Exception {
    ada = signUp();
  }

  @Test
  void the_password_alone_opens_nothing_any_more_and_the_code_does() throws Exception {
    var secret = setUp().secret();
    var other = Person.at(site(), ada.email());

    var asked = other.signIn(PASSWORD);

    assertThat(asked.uri().getPath()).isEqualTo("/signin/code");
    for (var page : List.of("/home", "/keys", "/settings", "/api/v1/me")) {
      assertThat(other.page(page).body()).as(page).doesNotContain(ada.email());
    }
    assertThat(other.page("/api/v1/me").statusCode()).isEqualTo(401);

    other.open("/signin/code");
    assertThat(enter(other, later(secret)).uri().getPath()).isEqualTo("/settings");
    assertThat(other.page("/settings").body()).contains(ada.email());
  }

  @Test
  void a_code_opens_once() throws Exception {
    var secret = setUp().secret();
    var code = later(secret);
    assertThat(enter(halfway(), code).uri().getPath()).isEqualTo("/home");

    assertThat(enter(halfway(), code).statusCode()).isEqualTo(422);
    assertThat(enter(halfway(), code(secret, Instant.now())).statusCode())
        .as("the one with which the app was confirmed, and before the last used")
        .isEqualTo(422);
  }

  @Test
  void a_recovery_code_opens_once_however_it_is_typed() throws Exception {
    var codes = setUp().recoveryCodes();
    assertThat(codes).hasSize(10).doesNotHaveDuplicates();

    assertThat(enter(halfway(), codes.getFirst()).uri().getPath()).isEqualTo("/home");
    assertThat(enter(halfway(), codes.getFirst()).statusCode()).isEqualTo(422);
    var typed = codes.getLast().toUpperCase(java.util.Locale.ROOT).replace("-", " ");
    assertThat(enter(halfway(), typed).uri().getPath()).isEqualTo("/home");
    assertThat(ada.page(SETTINGS).body()).contains("Recovery codes left: 8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "000000", "12345", "1234567", "----", "１２３４５６", "' or 1=1"})
  void what_is_no_code_opens_nothing(String code) throws Exception {
    setUp();

    assertThat(enter(halfway(), code).statusCode()).isEqualTo(422);
  }

  @Test
  void guesses_are_slowed_down() throws Exception {
    var secret = setUp().secret();
    var other = halfway();
    for (int i = 0; i < 10; i++) {
      enter(other, "00000" + i % 10);
    }

    assertThat(enter(other, later(secret)).statusCode()).isEqualTo(422);
  }

  @Test
  void nothing_is_asked_until_the_app_has_shown_a_right_code() throws Exception {
    begin();

    var refused = ada.form(SETTINGS + "/confirmation", Map.of("code", "000000"));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(Person.at(site(), ada.email()).signIn(PASSWORD).uri().getPath()).isEqualTo("/home");
  }

  @Test
  void each_change_asks_for_the_password() throws Exception {
    assertThat(ada.form(SETTINGS, Map.of("password", "wrong")).statusCode()).isEqualTo(422);
    setUp();
    for (var path : List.of("/recovery-codes", "/removal")) {
      assertThat(ada.form(SETTINGS + path, Map.of("password", "wrong")).statusCode())
          .isEqualTo(422);
    }
    assertThat(halfway().page("/home").uri().getPath()).isEqualTo("/signin");
  }

  @Test
  void it_can_be_ended_and_stands_in_the_activity() throws Exception {
    setUp();

    ada.form(SETTINGS + "/removal", Map.of("password", PASSWORD));

    assertThat(Person.at(site(), ada.email()).signIn(PASSWORD).uri().getPath()).isEqualTo("/home");
    assertThat(ada.page("/activity").body())
        .contains("Two-step verification turned on", "Two-step verification turned off");
  }

  @Test
  void new_recovery_codes_end_the_old_ones() throws Exception {
    var old = setUp().recoveryCodes();

    var fresh = codes(ada.form(SETTINGS + "/recovery-codes", Map.of("password", PASSWORD)).body());

    assertThat(enter(halfway(), old.getFirst()).statusCode()).isEqualTo(422);
    assertThat(enter(halfway(), fresh.getFirst()).uri().getPath()).isEqualTo("/home");
  }

  @Test
  void an_operator_lets_somebody_in_who_has_lost_everything() throws Exception {
    setUp();
    var operator = operator(signUp());

    operator.form("/ops/accounts/" + userId(ada) + "/second-factor/end", Map.of());

    assertThat(Person.at(site(), ada.email()).signIn(PASSWORD).uri().getPath()).isEqualTo("/home");
    assertThat(operator.page("/ops/audit").body()).contains("Two-step verification turned off");
  }

  @Test
  void neither_secret_nor_recovery_codes_are_stored_in_clear_text() throws Exception {
    var set = setUp();

    assertThat(
            number(
                "select count(*) from accounts.second_factors where position('%s'::bytea in ciphertext) > 0"
                    .formatted(set.secret())))
        .isZero();
    assertThat(number("select count(*) from accounts.recovery_codes where length(hash) <> 32"))
        .isZero();
  }

  @Test
  void nobody_is_signed_in_while_it_cannot_be_told_whether_a_code_is_asked_for() throws Exception {
    setUp();
    var other = Person.at(site(), ada.email());
    sql("alter table accounts.second_factors rename to away");
    try {
      other.open("/signin");
      other.form("/signin", Map.of("email", ada.email(), "password", PASSWORD));
    } finally {
      sql("alter table accounts.away rename to second_factors");
    }

    assertThat(other.page("/home").uri().getPath()).isEqualTo("/signin");
  }

  @Test
  void a_secret_that_was_not_confirmed_is_shown_for_ten_minutes() throws Exception {
    var secret = begin();
    sql(
        "update accounts.second_factors set created_at = now() - interval '11 minutes' where user_id = '%s'"
            .formatted(userId(ada)));

    assertThat(ada.page(SETTINGS).body()).doesNotContain("totp-secret");
    assertThat(
            ada.form(SETTINGS + "/confirmation", Map.of("code", code(secret, Instant.now())))
                .statusCode())
        .isEqualTo(422);
  }

  @Test
  void a_wrong_code_stands_in_the_activity() throws Exception {
    setUp();
    enter(halfway(), "000000");

    assertThat(ada.page("/activity").body())
        .contains("Correct password, incorrect verification code");
  }

  @Test
  void the_page_of_the_code_is_for_who_gave_the_password() throws Exception {
    var stranger = Person.at(site(), ada.email());
    stranger.open("/signin");

    assertThat(stranger.page("/signin/code").uri().getPath()).isEqualTo("/signin");
    assertThat(enter(stranger, "000000").uri().getPath()).isEqualTo("/signin");
  }

  private record SetUp(String secret, List<String> recoveryCodes) {}

  private SetUp setUp() throws Exception {
    var secret = begin();
    var shown = ada.form(SETTINGS + "/confirmation", Map.of("code", code(secret, Instant.now())));
    assertThat(shown.statusCode()).isEqualTo(200);
    return new SetUp(secret, codes(shown.body()));
  }

  private String begin() throws Exception {
    var found = SECRET.matcher(ada.form(SETTINGS, Map.of("password", PASSWORD)).body());
    assertThat(found.find()).isTrue();
    return found.group(1).replace(" ", "");
  }

  private static List<String> codes(String page) {
    return RECOVERY_CODE.matcher(page).results().map(java.util.regex.MatchResult::group).toList();
  }

  /** Returns a browser in which the password was given. */
  private Person halfway() throws Exception {
    var other = Person.at(site(), ada.email());
    other.signIn(PASSWORD);
    return other;
  }

  private static HttpResponse<String> enter(Person person, String code) throws Exception {
    return person.form("/signin/code", Map.of("code", code));
  }

  /** Returns the code of the next half minute, which is valid already. */
  private static String later(String secret) throws Exception {
    return code(secret, Instant.now().plus(Duration.ofSeconds(30)));
  }

  private static String code(String secret, Instant at) throws Exception {
    return new TimeBasedOneTimePasswordGenerator()
        .generateOneTimePasswordString(new SecretKeySpec(Base32.decode(secret), "HmacSHA1"), at);
  }
}
