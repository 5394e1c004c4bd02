package dev.behalf.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutsideServersTest {

  @ParameterizedTest
  @CsvSource({
    "postgresql://host, usual, ''",
    "postgresql://ada@host, ada, ''",
    "postgresql://ada:@host, ada, ''",
    "postgresql://ada:secret@host, ada, secret",
    "postgresql://ada:a:b@host, ada, a:b",
    "postgresql://ada:a+b@host, ada, a+b",
    "postgresql://ada%40org:p%2Fq%3A%25@host, ada@org, p/q:%",
    "postgresql://%C3%A4:%E5%A4%9C@host, ä, 夜"
  })
  void a_login_is_read_as_it_was_before_it_was_put_into_an_address(
      URI address, String name, String password) {
    var login = OutsideServers.login(address, "usual");

    assertThat(login.name()).isEqualTo(name);
    assertThat(login.password()).isEqualTo(password);
  }

  @Test
  void parameters_are_those_behind_the_question_mark() {
    assertThat(OutsideServers.parameters(URI.create("postgresql://h/b?sslmode=require&a=%2Fx%26y")))
        .isEqualTo(Map.of("sslmode", "require", "a", "/x&y"));
  }

  @Test
  void a_parameter_may_be_empty_and_contain_an_equals_sign() {
    assertThat(OutsideServers.parameters(URI.create("postgresql://h/b?empty=&options=-c%20a=b")))
        .isEqualTo(Map.of("empty", "", "options", "-c a=b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?", "?&&", "?name", "?=value"})
  void what_has_no_name_and_value_is_no_parameter(String query) {
    assertThat(OutsideServers.parameters(URI.create("postgresql://h/b" + query))).isEmpty();
  }

  @Test
  void a_port_is_the_usual_one_unless_the_address_has_one() {
    assertThat(OutsideServers.port(URI.create("postgresql://host"), 5432)).isEqualTo(5432);
    assertThat(OutsideServers.port(URI.create("postgresql://host:1"), 5432)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "amqp://host, true",
    "amqps://user:password@host:5671, true",
    "amqp:///vhost, false",
    "'one:5672,two:5672', false",
    "'amqp://one:5672,two:5672', false",
    "rabbit.example.com, false",
    "http://host, false"
  })
  void one_broker_has_a_scheme_and_a_host(URI address, boolean one) {
    assertThat(OutsideServers.isOneBroker(address)).isEqualTo(one);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"host", "host:5432", "jdbc:postgresql://host", "mysql://host", "postgresql:///b"})
  void what_is_no_database_address_is_told_how_to_write_it(URI address) {
    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> OutsideServers.requireDatabase(address))
        .withMessageContaining("Write the database address as postgresql://");
  }

  @Test
  void a_database_that_answers_is_taken(@TempDir Path folder) throws Exception {
    try (var server = TestServer.start(folder)) {
      var address =
          "postgresql://%s@127.0.0.1:%d/behalf".formatted(server.userInfo(), server.port());

      assertThatNoException().isThrownBy(() -> OutsideServers.requireDatabase(URI.create(address)));
    }
  }

  @Test
  void a_user_whom_the_database_does_not_know_is_named_without_the_password(@TempDir Path folder)
      throws Exception {
    try (var server = TestServer.start(folder)) {
      var address = "postgres://nobody:hidden@127.0.0.1:" + server.port();

      assertThatExceptionOfType(UserError.class)
          .isThrownBy(() -> OutsideServers.requireDatabase(URI.create(address)))
          .withMessageContaining("refuses the user \"nobody\" or the password")
          .withMessageNotContaining("hidden");
    }
  }

  @Test
  void a_database_that_does_not_answer_is_named_by_its_address() throws Exception {
    var port = closedPort();

    assertThatExceptionOfType(UserError.class)
        .isThrownBy(
            () ->
                OutsideServers.requireDatabase(
                    URI.create("postgresql://ada:hidden@127.0.0.1:" + port)))
        .withMessageContaining("The database at 127.0.0.1:" + port + " does not answer")
        .withMessageNotContaining("hidden");
  }

  @Test
  void a_broker_that_does_not_answer_is_named_by_its_address() throws Exception {
    var port = closedPort();

    assertThatExceptionOfType(UserError.class)
        .isThrownBy(
            () -> OutsideServers.requireBroker(URI.create("amqp://ada:hidden@127.0.0.1:" + port)))
        .withMessageContaining("The broker at 127.0.0.1:" + port + " does not answer")
        .withMessageNotContaining("hidden");
  }

  private static int closedPort() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
