package dev.behalf.web.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AttemptResultTest {

  @ParameterizedTest
  @CsvSource({
    "199, status, false",
    "200, delivered, false",
    "204, delivered, false",
    "299, delivered, false",
    "300, status, false",
    "301, status, false",
    "409, status, false",
    "410, status, true",
    "411, status, false",
    "500, status, false"
  })
  void only_2xx_is_a_delivery_and_only_410_ends_the_endpoint(
      int status, String word, boolean isGone) {
    var result = result(status, null);

    assertThat(result.word()).isEqualTo(word);
    assertThat(result.isSuccess()).isEqualTo(word.equals("delivered"));
    assertThat(result.isGone()).isEqualTo(isGone);
  }

  @ParameterizedTest
  @EnumSource(AttemptFailure.class)
  void a_failure_without_a_status_is_named(AttemptFailure failure) {
    var result = result(null, failure);

    assertThat(result.word()).isEqualTo(failure.wire());
    assertThat(result.isSuccess()).isFalse();
    assertThat(result.isGone()).isFalse();
  }

  @ParameterizedTest
  @MethodSource
  void each_error_of_the_network_has_its_name(IOException error, AttemptFailure expected) {
    assertThat(AttemptFailure.of(error)).isEqualTo(expected);
  }

  static Stream<Arguments> each_error_of_the_network_has_its_name() {
    return Stream.of(
        Arguments.of(new AddressRefused(), AttemptFailure.ADDRESS_REFUSED),
        Arguments.of(new UnknownHostException("x"), AttemptFailure.NAME_UNKNOWN),
        Arguments.of(new SSLHandshakeException("x"), AttemptFailure.TLS),
        Arguments.of(new SocketTimeoutException("x"), AttemptFailure.TIMEOUT),
        Arguments.of(new ConnectException("x"), AttemptFailure.NOT_CONNECTED),
        Arguments.of(new NoRouteToHostException("x"), AttemptFailure.NOT_CONNECTED),
        Arguments.of(new EOFException("x"), AttemptFailure.BROKEN));
  }

  private static AttemptResult result(@Nullable Integer status, @Nullable AttemptFailure failure) {
    return new AttemptResult(Instant.EPOCH, Duration.ZERO, status, null, failure, null);
  }
}
