package dev.behalf.web.identity.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import dev.behalf.standalone.Ports;
import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import dev.behalf.web.work.jobs.JobEvent;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * Accounts where a mail server is configured: addresses are proved, and nobody learns who is here.
 */
class AccountsByMailTest extends WebAppTest {

  private static final String NEW_PASSWORD = "another horse, another battery";
  private static final Pattern LINK = Pattern.compile("https://behalf\\.example(/\\S+)");

  private static final GreenMail MAILS =
      new GreenMail(new ServerSetup(Ports.free(), "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @Autowired ApplicationEventPublisher events;

  @DynamicPropertySource
  static void mails(DynamicPropertyRegistry registry) {
    MAILS.start();
    registry.add("behalf.quota-notices-every", () -> "200ms");
    registry.add("spring.mail.host", () -> "127.0.0.1");
    registry.add("spring.mail.port", () -> MAILS.getSmtp().getPort());
    registry.add("behalf.mail.from", () -> "Behalf <behalf@behalf.example>");
    registry.add("behalf.public-url", () -> "https://behalf.example");
  }

  @AfterAll
  static void stop() {
    MAILS.stop();
  }

  @Test
  void an_account_begins_with_the_link_that_came_to_its_address() throws Exception {
    var ada = newcomer();
    var asked = ada.form("/signup", Map.of("email", ada.email()));

    assertThat(asked.body()).contains("a link will arrive shortly");
    assertThat(number("select count(*) from accounts.users where email = '" + ada.email() + "'"))
        .isZero();
    var path = link(ada.email(), "Create your account");
    assertThat(ada.page(path).body()).contains(ada.email());
    open(ada, path, PASSWORD);

    assertThat(ada.page("/home").statusCode()).isEqualTo(200);
    assertThat(
            number(
                "select count(*) from accounts.users where email = '"
                    + ada.email()
                    + "' and email_verified_at is not null"))
        .isEqualTo(1);
  }

  @Test
  void a_link_opens_one_account_once() throws Exception {
    var ada = newcomer();
    ada.form("/signup", Map.of("email", ada.email()));
    var path = link(ada.email(), "Create your account");
    open(ada, path, PASSWORD);

    var again = open(newcomer(), path, NEW_PASSWORD);

    assertThat(again.statusCode()).isEqualTo(422);
    assertThat(again.body()).contains("already used or has expired");
  }

  @Test
  void a_bad_password_leaves_the_link_valid() throws Exception {
    var ada = newcomer();
    ada.form("/signup", Map.of("email", ada.email()));
    var path = link(ada.email(), "Create your account");

    assertThat(open(ada, path, "short").statusCode()).isEqualTo(422);
    assertThat(open(ada, path, PASSWORD).uri().getPath()).isEqualTo("/home");
  }

  @Test
  void sign_up_and_forgotten_password_answer_the_same_for_known_and_unknown_addresses()
      throws Exception {
    var known = person();
    var unknown = UUID.randomUUID() + "@example.com";

    for (var path : List.of("/signup", "/password/forgotten")) {
      var ofKnown = newcomer().form(path, Map.of("email", known.email()));
      var ofUnknown = newcomer().form(path, Map.of("email", unknown));

      assertThat(ofKnown.statusCode()).isEqualTo(ofUnknown.statusCode());
      assertThat(same(ofKnown.body(), known.email())).isEqualTo(same(ofUnknown.body(), unknown));
    }
    assertThat(mail(known.email(), "You already have an account")).contains("/password/forgotten");
    await().until(() -> subjects(known.email()).contains("Reset your password"));
    assertThat(subjects(unknown)).containsExactly("Create your account");
  }

  @Test
  void a_forgotten_password_is_set_anew_by_a_link_and_every_browser_is_signed_out()
      throws Exception {
    var ada = person();
    var other = Person.at(site(), ada.email());
    other.signIn(PASSWORD);
    newcomer().form("/password/forgotten", Map.of("email", ada.email()));
    var path = link(ada.email(), "Reset your password");

    var answer = open(newcomer(), path, NEW_PASSWORD);

    assertThat(answer.body()).contains("Your password was changed.");
    assertThat(ada.page("/home").uri().getPath()).isEqualTo("/signin");
    assertThat(other.page("/home").uri().getPath()).isEqualTo("/signin");
    assertThat(signsIn(ada.email(), PASSWORD)).isFalse();
    assertThat(signsIn(ada.email(), NEW_PASSWORD)).isTrue();
    assertThat(mail(ada.email(), "Your password was changed")).contains("/password/forgotten");
    assertThat(open(newcomer(), path, PASSWORD).statusCode()).isEqualTo(422);
  }

  @Test
  void an_address_is_changed_once_the_new_one_is_proved_and_the_old_one_is_told() throws Exception {
    var ada = person();
    var next = UUID.randomUUID() + "@example.com";

    assertThat(changeAddress(ada, next, "wrong password here").statusCode()).isEqualTo(422);
    changeAddress(ada, next, PASSWORD);
    assertThat(signsIn(ada.email(), PASSWORD)).as("nothing has changed yet").isTrue();
    var path = link(next, "Confirm your e-mail address");
    assertThat(mail(ada.email(), "Request to change your e-mail address")).contains(next);
    assertThat(open(person(), path, "").body()).contains("belongs to another account");
    open(ada, path, "");

    assertThat(signsIn(ada.email(), PASSWORD)).isFalse();
    assertThat(signsIn(next, PASSWORD)).isTrue();
    assertThat(mail(ada.email(), "The e-mail address of your account was changed"))
        .contains("operators");
    assertThat(ada.page("/home").uri().getPath())
        .as("sessions hold the address")
        .isEqualTo("/signin");
  }

  @Test
  void an_address_of_another_account_cannot_be_taken() throws Exception {
    var ada = person();
    var eve = person();
    changeAddress(eve, ada.email(), PASSWORD);

    var answer = open(eve, link(ada.email(), "Confirm your e-mail address"), "");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("Another account has this e-mail address");
    assertThat(signsIn(eve.email(), PASSWORD)).isTrue();
  }

  @Test
  void a_sign_in_from_a_new_browser_is_told() throws Exception {
    var ada = person();
    sql(
        "update accounts.audit_log set user_agent = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' where user_id = '%s'"
            .formatted(userId(ada)));

    signsIn(ada.email(), PASSWORD);
    signsIn(ada.email(), PASSWORD);

    assertThat(mail(ada.email(), "New sign-in to your account"))
        .contains("Browser: Java-http-client");
    assertThat(subjects(ada.email()).stream().filter("New sign-in to your account"::equals))
        .hasSize(1);
  }

  @Test
  void eighty_percent_and_all_of_a_quota_are_told_once_each() throws Exception {
    var ada = person();
    sql(
        "insert into compute.quota (user_id, environment, period, limit_units, used) values ('%s', 'live', to_char(now() at time zone 'utc', 'YYYY-MM'), 100, 79)"
            .formatted(userId(ada)));

    succeeded(ada);
    use(ada, 80);
    succeeded(ada);
    assertThat(mail(ada.email(), "You have used 80 % of your quota"))
        .contains("80 of the 100 units");
    use(ada, 100);
    succeeded(ada);
    assertThat(mail(ada.email(), "Your quota is used up")).contains("100 of the 100 units");
    succeeded(ada);

    assertThat(
            number(
                "select count(*) from accounts.mails where address = '"
                    + ada.email()
                    + "' and kind like 'quota%'"))
        .isEqualTo(2);
  }

  @Test
  void mails_are_in_the_language_of_their_reader() throws Exception {
    var ada = person();
    sql("update accounts.users set language = 'zh-CN' where id = '%s'".formatted(userId(ada)));

    ada.form(
        "/settings/password", Map.of("current_password", PASSWORD, "new_password", NEW_PASSWORD));

    assertThat(mail(ada.email(), "您的密码已更改")).contains("其他浏览器已退出登录");
  }

  @Test
  void an_address_gets_one_mail_of_a_kind_in_two_minutes() throws Exception {
    var ada = newcomer();
    for (int i = 0; i < 5; i++) {
      ada.form("/signup", Map.of("email", ada.email()));
    }

    assertThat(number("select count(*) from accounts.mails where address = '" + ada.email() + "'"))
        .isEqualTo(1);
  }

  @Test
  void an_invitation_opens_an_account() throws Exception {
    var operator = operator(person());
    var guest = UUID.randomUUID() + "@example.com";

    var page = operator.form("/ops/accounts/invitations", Map.of("email", guest));
    var bo = at(guest);
    open(bo, link(guest, "You are invited to create an account"), PASSWORD);

    assertThat(page.body()).contains(guest + " receives a link");
    assertThat(bo.page("/home").statusCode()).isEqualTo(200);
    assertThat(operator.page("/ops/mails").body()).contains("Invitation", guest, "sent");
    assertThat(operator.page("/ops/audit").body()).contains("Invitation sent");
  }

  @Test
  void a_link_to_a_new_address_leads_through_the_sign_in() throws Exception {
    var ada = person();
    changeAddress(ada, UUID.randomUUID() + "@example.com", PASSWORD);
    var other = at(ada.email());

    assertThat(other.page("/address/link?token=x").uri().getPath()).isEqualTo("/signin");
    assertThat(other.signIn(PASSWORD).uri().getPath()).isEqualTo("/address/link");
  }

  @Test
  void a_changed_password_ends_the_links_that_were_sent_before() throws Exception {
    var ada = person();
    var next = UUID.randomUUID() + "@example.com";
    changeAddress(ada, next, PASSWORD);
    var path = link(next, "Confirm your e-mail address");

    ada.form(
        "/settings/password", Map.of("current_password", PASSWORD, "new_password", NEW_PASSWORD));

    assertThat(open(ada, path, "").statusCode()).isEqualTo(422);
    assertThat(signsIn(next, NEW_PASSWORD)).isFalse();
  }

  @Test
  void a_link_to_a_former_address_sets_no_password() throws Exception {
    var ada = person();
    newcomer().form("/password/forgotten", Map.of("email", ada.email()));
    var path = link(ada.email(), "Reset your password");
    sql(
        "update accounts.users set email = 'former-%1$s' where id = '%2$s'"
            .formatted(ada.email(), userId(ada)));

    assertThat(open(newcomer(), path, NEW_PASSWORD).statusCode()).isEqualTo(422);
  }

  @Test
  void a_mail_is_tried_again_when_the_server_is_back() throws Exception {
    var ada = newcomer();
    MAILS.stop();
    try {
      ada.form("/signup", Map.of("email", ada.email()));
      await()
          .until(
              () ->
                  number(
                          "select count(*) from accounts.mails where fault is not null and address = '%s'"
                              .formatted(ada.email()))
                      == 1);
    } finally {
      MAILS.start();
    }
    sql("update accounts.mails set next_at = now() where address = '%s'".formatted(ada.email()));

    assertThat(link(ada.email(), "Create your account")).startsWith("/signup/link");
    assertThat(
            text(
                "select count(*)::text from accounts.mails where fault is null and address = '%s'"
                    .formatted(ada.email())))
        .isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/signup/link", "/password/link"})
  void what_is_no_link_opens_nothing(String path) throws Exception {
    for (var token : List.of("", "x", "A".repeat(43), "A".repeat(5_000))) {
      assertThat(newcomer().page(path + "?token=" + token).body())
          .contains("already used or has expired");
      assertThat(open(newcomer(), path + "?token=" + token, PASSWORD).statusCode()).isEqualTo(422);
    }
  }

  @Test
  void no_link_is_kept_anywhere() throws Exception {
    var ada = newcomer();
    ada.form("/signup", Map.of("email", ada.email()));
    var token = link(ada.email(), "Create your account").replaceFirst(".*token=", "");

    assertThat(number("select count(*) from accounts.mails m where m::text like '%" + token + "%'"))
        .isZero();
    assertThat(
            number(
                "select count(*) from accounts.mail_links l where l::text like '%" + token + "%'"))
        .isZero();
  }

  private void succeeded(Person person) throws Exception {
    var end =
        new JobEvent.Settled(
            userId(person),
            UUID.randomUUID(),
            Environment.LIVE,
            JobState.SUCCEEDED,
            null,
            null,
            null,
            null);
    events.publishEvent(new JobEvent.BatchSettled(List.of(end)));
  }

  private void use(Person person, int units) throws Exception {
    sql("update compute.quota set used = %d where user_id = '%s'".formatted(units, userId(person)));
  }

  private Person newcomer() throws Exception {
    return at(UUID.randomUUID() + "@example.com");
  }

  private Person at(String email) throws Exception {
    var person = Person.at(site(), email);
    person.open("/signin");
    return person;
  }

  /** Returns a person with a confirmed address, signed in. */
  private Person person() throws Exception {
    var person = newcomer();
    person.form("/signup", Map.of("email", person.email()));
    open(person, link(person.email(), "Create your account"), PASSWORD);
    person.open("/settings");
    return person;
  }

  private HttpResponse<String> changeAddress(Person person, String email, String password)
      throws Exception {
    return person.form("/settings/address", Map.of("email", email, "address_password", password));
  }

  /** Presses the button of the page that a link opens. */
  private static HttpResponse<String> open(Person person, String path, String password)
      throws Exception {
    return person.form(
        path.substring(0, path.indexOf('?')),
        Map.of("token", path.replaceFirst(".*token=", ""), "password", password));
  }

  private boolean signsIn(String email, String password) throws Exception {
    var person = Person.at(site(), email);
    person.signIn(password);
    return person.page("/home").uri().getPath().equals("/home");
  }

  private String link(String to, String subject) throws Exception {
    var found = LINK.matcher(mail(to, subject));
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  private static String mail(String to, String subject) throws Exception {
    await().until(() -> subjects(to).contains(subject));
    for (var message : to(to)) {
      if (message.getSubject().equals(subject)) {
        assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        return message.getContent().toString();
      }
    }
    throw new AssertionError(subject);
  }

  private static List<String> subjects(String to) throws MessagingException {
    return to(to).stream().map(AccountsByMailTest::subject).toList();
  }

  private static String subject(MimeMessage message) {
    try {
      return message.getSubject();
    } catch (MessagingException e) {
      throw new AssertionError(e);
    }
  }

  private static List<MimeMessage> to(String address) {
    return Arrays.stream(MAILS.getReceivedMessages())
        .filter(message -> GreenMailUtil.getAddressList(recipients(message)).equals(address))
        .toList();
  }

  private static jakarta.mail.Address[] recipients(MimeMessage message) {
    try {
      return message.getAllRecipients();
    } catch (MessagingException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns a page without what differs by request. */
  private static String same(String page, String email) {
    return page.replace(email, "…")
        .replaceAll("name=\"_csrf\" value=\"[^\"]*\"|content=\"[^\"]*\"", "");
  }
}
