package dev.behalf.web.identity.passkeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Users sign in with a key pair of their device, at this site only and for themselves only. */
class PasskeysTest extends WebAppTest {

  private static final String SETTINGS = "/settings/passkeys";

  @Autowired StoredPasskeys stored;

  private final SoftwareAuthenticator device = new SoftwareAuthenticator();
  private Person ada;

  @BeforeEach
  void somebody() throws Exception {
    ada = signUp();
  }

  @Test
  void a_passkey_signs_in_without_password_or_code() throws Exception {
    add(ada, device);
    sql(
        "insert into accounts.second_factors (user_id, ciphertext, master_key_id, confirmed_at, created_at) values ('%s', '', '1', now(), now())"
            .formatted(userId(ada)));

    var browser = newcomer();
    var answered = signIn(browser, device);

    assertThat(answered.uri().getPath()).isEqualTo("/home");
    assertThat(browser.page("/api/v1/me").body()).contains(userId(ada).toString());
    assertThat(ada.page(SETTINGS).body()).contains("My laptop").doesNotContain("Never");
    assertThat(ada.page("/activity").body()).contains("Passkey added");
  }

  @Test
  void adding_one_asks_for_the_password() throws Exception {
    var refused = ada.form(SETTINGS + "/options", Map.of("password", "wrong"));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("This does not match your account");
    assertThat(
            register(ada, device.create("{\"challenge\":\"AAAA\",\"rp\":{\"id\":\"localhost\"}}"))
                .statusCode())
        .as("no registration was begun")
        .isEqualTo(422);
    assertThat(passkeys(ada)).isZero();
  }

  @Test
  void a_challenge_is_answered_once() throws Exception {
    add(ada, device);
    var browser = newcomer();
    var answer = device.get(requestOptions(browser));
    browser.form("/signin/passkey", Map.of("answer", "{}"));
    var other = newcomer();
    requestOptions(other);

    for (var late : List.of(browser, other)) {
      assertThat(late.form("/signin/passkey", Map.of("answer", answer)).uri().toString())
          .contains("passkey_fault");
    }
  }

  @Test
  void what_was_signed_for_another_site_or_without_its_user_opens_nothing() throws Exception {
    add(ada, device);

    for (var wrong :
        List.of(
            device.at("https://behalf.example.com"),
            device.at("http://localhost:0").withoutVerification())) {
      assertThat(signIn(newcomer(), wrong).uri().toString()).contains("passkey_fault");
    }
  }

  @Test
  void nothing_is_added_that_was_made_elsewhere_or_without_its_user() throws Exception {
    for (var wrong :
        List.of(
            new SoftwareAuthenticator().at("https://behalf.example.com"),
            new SoftwareAuthenticator().withoutVerification())) {
      assertThat(register(ada, wrong.create(creationOptions(ada))).statusCode()).isEqualTo(422);
    }
    assertThat(passkeys(ada)).isZero();
  }

  @Test
  void a_copy_of_a_device_is_noticed_by_its_counter() throws Exception {
    add(ada, device);
    signIn(newcomer(), device.counting(50));

    assertThat(signIn(newcomer(), device.counting(10)).uri().toString()).contains("passkey_fault");
  }

  @Test
  void a_passkey_belongs_to_one_user() throws Exception {
    add(ada, device);
    var bo = signUp();

    assertThat(register(bo, device.create(creationOptions(bo))).statusCode()).isEqualTo(422);
    bo.form(SETTINGS + "/" + id(ada) + "/removal", Map.of());

    assertThat(passkeys(bo)).isZero();
    assertThat(passkeys(ada)).isEqualTo(1);
  }

  @Test
  void a_removed_passkey_and_one_of_a_disabled_user_open_nothing() throws Exception {
    add(ada, device);
    sql("update accounts.users set disabled_at = now() where id = '%s'".formatted(userId(ada)));
    assertThat(signIn(newcomer(), device).uri().toString()).contains("passkey_fault");
    sql("update accounts.users set disabled_at = null where id = '%s'".formatted(userId(ada)));
    ada.signIn(PASSWORD);

    ada.form(SETTINGS + "/" + id(ada) + "/removal", Map.of());

    assertThat(signIn(newcomer(), device).uri().toString()).contains("passkey_fault");
    assertThat(ada.page("/activity").body()).contains("Passkey removed");
  }

  @Test
  void a_passkey_that_is_removed_during_a_sign_in_does_not_come_back() throws Exception {
    add(ada, device);
    var signIn = stored.forSignIn();
    var read = signIn.findByUserId(UserHandle.of(userId(ada))).getFirst();
    ada.form(SETTINGS + "/" + id(ada) + "/removal", Map.of());

    assertThatThrownBy(() -> signIn.save(read)).isInstanceOf(IllegalStateException.class);
    assertThat(passkeys(ada)).isZero();
  }

  @Test
  void a_user_has_twenty_at_most() throws Exception {
    for (int i = 0; i < 20; i++) {
      add(ada, new SoftwareAuthenticator());
    }

    var refused = ada.form(SETTINGS + "/options", Map.of("password", PASSWORD));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("Remove one, then add another");
  }

  @Test
  void an_account_of_another_provider_has_none() throws Exception {
    sql("update accounts.users set password_hash = null where id = '%s'".formatted(userId(ada)));

    assertThat(ada.page(SETTINGS).statusCode()).isEqualTo(404);
    assertThat(ada.form(SETTINGS + "/options", Map.of("password", ada.email())).statusCode())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"id\":1}",
        "{\"id\":\"AAAA\",\"rawId\":\"AAAA\",\"type\":\"public-key\",\"response\":{}}",
        "{\"id\":\"AAAA\",\"rawId\":\"AAAA\",\"type\":\"public-key\",\"response\":{\"clientDataJSON\":\"!\",\"authenticatorData\":\"AA\",\"signature\":\"AA\",\"attestationObject\":\"oA\"}}",
        "{\"id\":\"AAAA\",\"rawId\":\"AAAA\",\"type\":\"public-key\",\"response\":{\"clientDataJSON\":\"e30\",\"authenticatorData\":\"AA\",\"signature\":\"AA\",\"attestationObject\":\"oA\"}}"
      })
  void what_is_no_answer_opens_and_adds_nothing(String answer) throws Exception {
    var browser = newcomer();
    requestOptions(browser);
    assertThat(browser.form("/signin/passkey", Map.of("answer", answer)).uri().toString())
        .contains("passkey_fault");

    creationOptions(ada);
    assertThat(register(ada, answer).statusCode()).isEqualTo(422);
  }

  private void add(Person person, SoftwareAuthenticator authenticator) throws Exception {
    var before = passkeys(person);
    register(person, authenticator.create(creationOptions(person)));
    assertThat(passkeys(person)).isEqualTo(before + 1);
  }

  private static HttpResponse<String> register(Person person, String answer) throws Exception {
    return person.form(SETTINGS, Map.of("answer", answer, "label", "My laptop"));
  }

  private static String creationOptions(Person person) throws Exception {
    return person.form(SETTINGS + "/options", Map.of("password", PASSWORD)).body();
  }

  private static HttpResponse<String> signIn(Person browser, SoftwareAuthenticator authenticator)
      throws Exception {
    return browser.form(
        "/signin/passkey", Map.of("answer", authenticator.get(requestOptions(browser))));
  }

  private static String requestOptions(Person browser) throws Exception {
    return browser.form("/signin/passkey/options", Map.of()).body();
  }

  private Person newcomer() throws Exception {
    var browser = Person.at(site(), "nobody@example.com");
    browser.open("/signin");
    return browser;
  }

  private static long passkeys(Person person) {
    return number(
        "select count(*) from accounts.passkeys where user_id = '" + userId(person) + "'");
  }

  private static String id(Person person) {
    return text("select id::text from accounts.passkeys where user_id = '" + userId(person) + "'");
  }
}
