package dev.behalf.web.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users choose where webhooks go to; nothing but the public internet may be reached by one. */
class DestinationsTest {

  private static final WebhooksSettings STRICT =
      new WebhooksSettings(false, 4, 4, Duration.ofSeconds(5));
  private static final WebhooksSettings LENIENT =
      new WebhooksSettings(true, 4, 4, Duration.ofSeconds(5));

  private static final List<String> SECRETS = List.of(Signature.newSecret());

  /** Names as somebody hostile would have them; what is an address is that address. */
  private static final class FakeNames implements NameResolver {

    private final Map<String, String> names = new ConcurrentHashMap<>();

    FakeNames with(String name, String addresses) {
      names.put(name, addresses);
      return this;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      if (host.endsWith(".example") && !names.containsKey(host)) {
        throw new UnknownHostException(host);
      }
      var addresses = names.getOrDefault(host, host).split(" ", -1);
      var found = new InetAddress[addresses.length];
      for (int i = 0; i < addresses.length; i++) {
        found[i] = InetAddress.getByName(addresses[i]);
      }
      return found;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void addresses_that_are_not_public(String address) throws Exception {
    assertThat(Addresses.isPublic(InetAddress.getByName(address))).isFalse();
    assertThatThrownBy(() -> strict(new FakeNames()).lookup(address))
        .isInstanceOf(AddressRefused.class);
    assertThatThrownBy(
            () ->
                strict(new FakeNames())
                    .sockets()
                    .createSocket()
                    .connect(new InetSocketAddress(InetAddress.getByName(address), 443), 100))
        .isInstanceOf(AddressRefused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "198.17.255.255",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:200::1",
        "2a00:1450::1"
      })
  void addresses_that_are_public(String address) throws Exception {
    assertThat(Addresses.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://017700000001/",
        "https://0x7f.0.0.1/",
        "https://0x7f000001/",
        "https://127.0.0.1./",
        "https://①②⑦.0.0.1/",
        "https://[::1]/",
        "https://[0:0:0:0:0:0:0:1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::127.0.0.1]/",
        "https://localhost/",
        "https://LOCALHOST/",
        "https://inside.example/",
        "https://both.example/",
        "https://mapped.example/"
      })
  void no_spelling_leads_inside(String url) {
    var names =
        new FakeNames()
            .with("localhost", "127.0.0.1")
            .with("inside.example", "10.0.0.5")
            .with("both.example", "93.184.215.14 192.168.0.1")
            .with("mapped.example", "::ffff:169.254.169.254");

    assertThatThrownBy(() -> registered(strict(names), url)).isInstanceOf(RuntimeException.class);
    // Also where it was registered before it was forbidden.
    assertThat(
            new Sender(strict(names), STRICT, InstantSource.system())
                .send(due(url), SECRETS)
                .fault())
        .isIn(AttemptFailure.ADDRESS_REFUSED, AttemptFailure.NAME_UNKNOWN);
  }

  /** A spelling that is no URL for us has no address at all. */
  private static void registered(Destinations destinations, String url) {
    var canonical = destinations.register(url);
    // Not an address for the client, but perhaps for the system: then it has no name.
    assertThatThrownBy(() -> destinations.lookup(okhttp3.HttpUrl.get(canonical).host()))
        .isInstanceOf(UnknownHostException.class);
    throw new IllegalArgumentException("It leads nowhere.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://",
        "https://ada:secret@hooks.example/",
        "https://ada@hooks.example/"
      })
  void an_url_without_tls_or_with_a_user_in_it_is_refused(String url) {
    assertThatThrownBy(
            () -> strict(new FakeNames().with("hooks.example", "93.184.215.14")).register(url))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.field()).isEqualTo("url"));
  }

  @Test
  void a_public_name_may_be_called_at_any_port_and_one_that_is_unknown_may_come_to_be() {
    var destinations = strict(new FakeNames().with("hooks.example", "93.184.215.14 2606:4700::1"));

    assertThat(destinations.register("https://Hooks.example:8443/a?b=c#d"))
        .isEqualTo("https://hooks.example:8443/a?b=c");
    assertThatCode(() -> destinations.register("https://later.example/"))
        .doesNotThrowAnyException();
  }

  @Test
  void a_name_that_leads_elsewhere_since_it_was_registered_is_not_called() throws Exception {
    var names = new FakeNames().with("rebound.example", "93.184.215.14");
    try (var receiver = new Receiver()) {
      var destinations = strict(names);
      var url = destinations.register("https://rebound.example:" + receiver.port() + "/");
      names.with("rebound.example", "127.0.0.1");

      var answer = new Sender(destinations, STRICT, InstantSource.system()).send(due(url), SECRETS);

      assertThat(answer.fault()).isEqualTo(AttemptFailure.ADDRESS_REFUSED);
      assertThat(receiver.connections()).isZero();
    }
  }

  @Test
  void where_the_operator_has_no_trust_any_more_an_old_url_without_tls_is_not_called()
      throws Exception {
    try (var receiver = new Receiver()) {
      var url = new Destinations(new FakeNames(), LENIENT).register(receiver.url("/").toString());

      var answer =
          new Sender(strict(new FakeNames()), STRICT, InstantSource.system())
              .send(due(url), SECRETS);

      assertThat(answer.fault()).isEqualTo(AttemptFailure.ADDRESS_REFUSED);
      assertThat(receiver.requests()).isEmpty();
    }
  }

  @Test
  void an_operator_can_allow_the_own_network_and_a_name_is_found_by_the_resolver_alone()
      throws Exception {
    try (var receiver = new Receiver()) {
      var names = new FakeNames().with("inside.example", "127.0.0.1");
      var destinations = new Destinations(names, LENIENT);
      var url = destinations.register("http://inside.example:" + receiver.port() + "/hook");

      var answer =
          new Sender(destinations, LENIENT, InstantSource.system()).send(due(url), SECRETS);

      assertThat(answer.isSuccess()).as(answer.toString()).isTrue();
      assertThat(receiver.requests()).hasSize(1);
    }
  }

  @Test
  void faults_are_told_apart() throws Exception {
    try (var plain = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      var names = new FakeNames().with("plain.example", "127.0.0.1");
      var sender = new Sender(new Destinations(names, LENIENT), LENIENT, InstantSource.system());
      var address = "plain.example:" + plain.getLocalPort() + "/";

      Thread.ofVirtual().start(() -> answerPlainly(plain, "SSH-2.0-here\r\n"));
      assertThat(sender.send(due("https://" + address), SECRETS).fault())
          .isEqualTo(AttemptFailure.TLS);
      Thread.ofVirtual().start(() -> answerPlainly(plain, "SSH-2.0-here\r\n"));
      assertThat(sender.send(due("http://" + address), SECRETS).fault())
          .isEqualTo(AttemptFailure.BROKEN);
      assertThat(sender.send(due("https://nobody.example/"), SECRETS).fault())
          .isEqualTo(AttemptFailure.NAME_UNKNOWN);
      assertThat(sender.send(due("http://127.0.0.1:1/"), SECRETS).fault())
          .isEqualTo(AttemptFailure.NOT_CONNECTED);
    }
  }

  @Test
  void an_answer_without_end_is_left_after_its_beginning() throws Exception {
    try (var endless = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      var sender =
          new Sender(new Destinations(new FakeNames(), LENIENT), LENIENT, InstantSource.system());
      var answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
      Thread.ofVirtual()
          .start(() -> answerPlainly(endless, answer + "ffff\r\n" + "x".repeat(70_000)));

      var sent = sender.send(due("http://127.0.0.1:" + endless.getLocalPort() + "/"), SECRETS);

      assertThat(sent.isSuccess()).isTrue();
      assertThat(sent.text()).isNotNull();
      assertThat(sent.took()).isLessThan(Duration.ofSeconds(20));
    }
  }

  /** What is no HTTP, or no TLS. */
  private static void answerPlainly(ServerSocket server, String text) {
    try (var socket = server.accept()) {
      socket.getInputStream().read(new byte[64 * 1024]);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException gone) {
      // The sender has had enough.
    }
  }

  private static Destinations strict(NameResolver names) {
    return new Destinations(names, STRICT);
  }

  private static DueDelivery due(String url) {
    return new DueDelivery(
        UUID.randomUUID(),
        false,
        "msg_1",
        UUID.randomUUID(),
        Environment.TEST,
        url,
        "{}",
        1,
        1,
        List.of());
  }
}
