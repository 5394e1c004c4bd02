package dev.behalf.web.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** IANA's special-purpose ranges, at both ends. */
class AddressesTest {

  @ParameterizedTest
  @CsvSource({
    // range, and whether the addresses right before and after it are public
    "0.0.0.0, 0.255.255.255, , true",
    "10.0.0.0, 10.255.255.255, true, true",
    "100.64.0.0, 100.127.255.255, true, true",
    "127.0.0.0, 127.255.255.255, true, true",
    "169.254.0.0, 169.254.255.255, true, true",
    "172.16.0.0, 172.31.255.255, true, true",
    "192.0.0.0, 192.0.0.255, true, true",
    "192.0.2.0, 192.0.2.255, true, true",
    "192.88.99.0, 192.88.99.255, true, true",
    "192.168.0.0, 192.168.255.255, true, true",
    "198.18.0.0, 198.19.255.255, true, true",
    "198.51.100.0, 198.51.100.255, true, true",
    "203.0.113.0, 203.0.113.255, true, true",
    "224.0.0.0, 239.255.255.255, true, false",
    "240.0.0.0, 255.255.255.255, false, ",
    "::, 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , true",
    "2001::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, true, true",
    "2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, true, true",
    "2002::, 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, true, true",
    "3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, true, true",
    "4000::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, true, "
  })
  void a_special_range_is_refused_from_its_first_to_its_last_address(
      String first, String last, @Nullable Boolean isPublicBefore, @Nullable Boolean isPublicAfter)
      throws Exception {
    var low = InetAddress.getByName(first);
    var high = InetAddress.getByName(last);

    assertThat(Addresses.isPublic(low)).as("first").isFalse();
    assertThat(Addresses.isPublic(high)).as("last").isFalse();
    assertThat(Addresses.isPublic(between(low, high))).as("middle").isFalse();
    if (isPublicBefore != null) {
      assertThat(Addresses.isPublic(next(low, -1))).as("before").isEqualTo(isPublicBefore);
    }
    if (isPublicAfter != null) {
      assertThat(Addresses.isPublic(next(high, 1))).as("after").isEqualTo(isPublicAfter);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "00000000000000000000FFFF, mapped",
    "000000000000000000000000, compatible",
    "0064FF9B0000000000000000, NAT64"
  })
  void a_public_ipv4_address_inside_an_ipv6_address_is_refused(String prefix, String form)
      throws Exception {
    var bytes = HexFormat.of().parseHex(prefix + "08080808");

    assertThat(Addresses.isPublic(Inet6Address.getByAddress(null, bytes, -1))).as(form).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b:1::a00:1", // local NAT64
        "100::1", // discard
        "5f00::1", // segment routing
        "fc00::1",
        "fe80::1",
        "ff02::1"
      })
  void an_address_of_the_inside_is_refused_in_ipv6_too(String address) throws Exception {
    assertThat(Addresses.isPublic(InetAddress.getByName(address))).isFalse();
  }

  @Test
  void a_scope_changes_nothing() throws Exception {
    var bytes = InetAddress.getByName("fe80::1").getAddress();

    assertThat(Addresses.isPublic(Inet6Address.getByAddress(null, bytes, 1))).isFalse();
  }

  private static InetAddress next(InetAddress address, int by) throws Exception {
    return address(number(address).add(BigInteger.valueOf(by)), address.getAddress().length);
  }

  private static InetAddress between(InetAddress low, InetAddress high) throws Exception {
    return address(number(low).add(number(high)).shiftRight(1), low.getAddress().length);
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }

  private static InetAddress address(BigInteger number, int length) throws Exception {
    var bytes = number.toByteArray();
    var address = new byte[length];
    int used = Math.min(length, bytes.length);
    System.arraycopy(bytes, bytes.length - used, address, length - used, used);
    return InetAddress.getByAddress(address);
  }
}
